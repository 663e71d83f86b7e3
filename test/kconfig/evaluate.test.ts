import { describe, expect, it } from 'vitest';
import { Resolver } from '../../src/kconfig/resolver.ts';
import { explain } from '../../src/kconfig/explain.ts';
import { formatExplanation } from '../../src/kconfig/format-explanation.ts';
import { parseTiny, resolveTiny, settingsOf } from './tiny.ts';

const modules = 'config MODULES\n\tbool "modules"\n\tdefault y\n\tmodules\n';
const symbol = (name: string, type: string, ...lines: string[]) => `config ${name}\n\t${type} "${name}"\n${lines.map((line) => `\t${line}\n`).join('')}`;

/** What becomes of the lines of a `.config`. */
function resolved(kconfig: string, config = ''): string[] {
  return settingsOf(resolveTiny(modules + kconfig, config).config).slice(1);
}

describe('values', () => {
  it.each([
    ['a default where nothing is set', symbol('A', 'tristate', 'default m'), '', ['CONFIG_A=m']],
    ['no more than the prompt shows', symbol('A', 'tristate', 'depends on B') + symbol('B', 'tristate'), 'CONFIG_A=y\nCONFIG_B=m\n', ['CONFIG_A=m', 'CONFIG_B=m']],
    ['nothing of what is not visible', symbol('A', 'bool', 'depends on B') + symbol('B', 'bool'), 'CONFIG_A=y\n', ['# CONFIG_B is not set']],
    ['select overrules', symbol('A', 'bool') + symbol('B', 'bool', 'select A'), 'CONFIG_B=y\n', ['CONFIG_A=y', 'CONFIG_B=y']],
    ['select of a tristate by m', symbol('A', 'tristate') + symbol('B', 'tristate', 'select A'), 'CONFIG_B=m\n', ['CONFIG_A=m', 'CONFIG_B=m']],
    ['imply is a default', symbol('A', 'tristate') + symbol('B', 'bool', 'imply A'), 'CONFIG_B=y\n', ['CONFIG_A=y', 'CONFIG_B=y']],
    ['imply leaves m to the user', symbol('A', 'tristate') + symbol('B', 'bool', 'imply A'), 'CONFIG_A=m\nCONFIG_B=y\n', ['CONFIG_A=m', 'CONFIG_B=y']],
    ['m of a bool is y', symbol('A', 'bool', 'default B') + symbol('B', 'tristate'), 'CONFIG_B=m\n', ['CONFIG_A=y', 'CONFIG_B=m']],
    ['numbers below their range', symbol('A', 'int', 'range 3 B') + symbol('B', 'int', 'default 7'), 'CONFIG_A=1\n', ['CONFIG_A=3', 'CONFIG_B=7']],
    ['numbers above their range', symbol('A', 'hex', 'range 0x3 0xF'), 'CONFIG_A=0x10\n', ['CONFIG_A=0xF']],
    ['comparisons of numbers', symbol('A', 'bool', 'default y if B > 9') + symbol('B', 'int', 'default 10'), '', ['CONFIG_A=y', 'CONFIG_B=10']],
    ['comparisons of texts', symbol('A', 'bool', 'default y if B < "b"') + symbol('B', 'string', 'default "abc"'), '', ['CONFIG_A=y', 'CONFIG_B="abc"']],
    ['depends on A if B', symbol('A', 'bool', 'default y', 'depends on B if C') + symbol('B', 'bool') + symbol('C', 'bool'), 'CONFIG_C=y\n', ['# CONFIG_B is not set', 'CONFIG_C=y']],
    ['quotes in strings', symbol('A', 'string'), 'CONFIG_A="a\\"\\\\b"\n', ['CONFIG_A="a\\"\\\\b"']],
    ['transitional values', `config OLD\n\tbool\n\ttransitional\n${symbol('A', 'bool', 'default OLD')}`, 'CONFIG_OLD=y\n', ['CONFIG_A=y']],
  ])('%s', (_, kconfig, config, expected) => expect(resolved(kconfig, config)).toEqual(expected));

  it('have no m without modules', () => {
    expect(resolved(symbol('A', 'tristate', 'default m'), '# CONFIG_MODULES is not set\n')).toEqual(['CONFIG_A=y']);
  });
});

describe('choices', () => {
  const choice = `choice\n\tprompt "c"\n\tdefault B\n${symbol('A', 'bool')}${symbol('B', 'bool')}${symbol('C', 'bool', 'depends on X')}endchoice\n${symbol('X', 'bool')}`;
  it.each([
    ['the default', '', 'B'],
    ['the last word of the user', 'CONFIG_A=y\nCONFIG_B=y\n', 'B'],
    ['not a member that is not visible', 'CONFIG_C=y\n', 'B'],
    ['one that becomes visible', 'CONFIG_C=y\nCONFIG_X=y\n', 'C'],
    ['not a default that the user refused', '# CONFIG_B is not set\n', 'A'],
  ])('take %s', (_, config, chosen) => {
    expect(resolved(choice, config).filter((line) => /CONFIG_[ABC]=y/.test(line))).toEqual([`CONFIG_${chosen}=y`]);
  });
});

describe('warnings', () => {
  it('tell of unmet dependencies', () => {
    const { warnings } = resolveTiny(symbol('A', 'bool', 'depends on X') + symbol('B', 'bool', 'select A') + symbol('X', 'bool'), 'CONFIG_B=y\n');
    expect(warnings).toBe('\nWARNING: unmet direct dependencies detected for A\n  Depends on [n]: X [=n]\n  Selected by [y]:\n  - B [=y]\n');
  });

  it('tell of lines that mean nothing', () => {
    const { warnings } = resolveTiny(symbol('A', 'bool') + symbol('I', 'int'), 'fnord\nCONFIG_A=q\nCONFIG_I=007\nCONFIG_A=y\nCONFIG_A=y\n');
    expect(warnings.split('\n').slice(0, 4)).toEqual([
      '.config:1:warning: unexpected data: fnord',
      ".config:2:warning: symbol value 'q' invalid for A",
      ".config:3:warning: symbol value '007' invalid for I",
      '.config:5:warning: override: reassigning to symbol A',
    ]);
  });
});

describe('a resolver', () => {
  const { model } = parseTiny(modules + symbol('A', 'bool', 'depends on B') + symbol('B', 'bool') + symbol('N', 'int', 'default 5'));

  it('keeps apart what was asked and what results', () => {
    const resolver = new Resolver(model);
    resolver.set('A', 'y');
    expect(resolver.diff()).toEqual([{ symbol: 'A', requested: 'y', effective: 'n' }]);
    resolver.set('B', 'y');
    expect([resolver.value('A'), resolver.diff()]).toEqual(['y', []]);
    resolver.unset('B');
    expect([resolver.value('A'), resolver.value('B')]).toEqual(['n', 'n']);
  });

  it('refuses unknown symbols and values', () => {
    const resolver = new Resolver(model);
    expect(() => resolver.set('NOPE', 'y')).toThrow('no Kconfig file');
    expect(() => resolver.set('A', 'm')).toThrow('no value of A, which is a bool');
    expect(() => resolver.set('N', 'y')).toThrow('which is an int');
  });

  it('goes on from a text', () => {
    const resolver = new Resolver(model);
    resolver.resolveText('CONFIG_A=y\nCONFIG_B=y\n');
    resolver.set('B', 'n');
    expect(resolver.config()).toEqual({ MODULES: 'y', B: 'n', N: '5' });
    expect(resolver.diff()).toEqual([{ symbol: 'A', requested: 'y', effective: 'n' }]);
  });
});

describe('explanations', () => {
  it('follow what limits a symbol to its cause', () => {
    const { model } = parseTiny(`${symbol('TOP', 'bool')}if MIDDLE\n${symbol('A', 'bool')}endif\n${symbol('MIDDLE', 'bool', 'depends on TOP')}${symbol('S', 'bool', 'select A if TOP')}`);
    const text = formatExplanation(explain(new Resolver(model).evaluation(), 'A', 'y'));
    expect(text).toMatchInlineSnapshot(`
      "A = n  bool, wanted: y
        it is n and cannot be set: no prompt of it is visible
        defined at Kconfig:4
        prompt "A" at Kconfig:5: visible n
          ✗ n  if MIDDLE [=n]  (Kconfig:3)
              MIDDLE = n  (Kconfig:7)
                ✗ n  depends on TOP [=n]  (Kconfig:9)
                    TOP = n  (Kconfig:1)
        selected by S if TOP [=n] at Kconfig:12: n
      "
    `);
  });
});
