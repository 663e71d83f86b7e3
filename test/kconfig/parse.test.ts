import { describe, expect, it } from 'vitest';
import { formatUserError } from '../../src/util/errors.ts';
import { conditionsOf } from '../../src/kconfig/explain.ts';
import { messagesOf, mistakeIn, parseTiny, resolveTiny, settingsOf } from './tiny.ts';

describe('macros', () => {
  const said = (text: string, tiny = {}) => parseTiny(text, tiny).output.out.trim();

  it.each([
    ['simple variables are expanded once', 'X := 1\nA := $(X)\nX := 2\n$(info,$(A))\n', '1'],
    ['recursive ones when used', 'X := 1\nA = $(X)\nX := 2\n$(info,$(A))\n', '2'],
    ['appending keeps the flavor', 'X := 1\nA := $(X)\nA += $(X)$(X)\nX := 2\n$(info,$(A))\n', '1 11'],
    ['functions take arguments', 'f = <$(1)|$(2)>\n$(info,$(f,a,(b,c)))\n', '<a|(b,c)>'],
    ['a comma in a variable does not split', 'comma := ,\n$(info,a$(comma)b)\n', 'a,b'],
    ['names can be computed', 'AB := 5\nX := A\n$(info,$($(X)B))\n', '5'],
    ['the left side too', 'X := A\n$(X)B := 5\n$(info,$(AB))\n', '5'],
    ['$ alone is itself', '$(info,$ $$ ${X})\n', '$ $$ ${X}'],
    ['places', '\n$(info,$(filename):$(lineno))\n', 'Kconfig:2'],
  ])('%s', (_, text, expected) => expect(said(text)).toBe(expected));

  it('ask the shell, the environment last, and join lines', () => {
    const tiny = { answers: { 'echo x': 'one\ntwo\n\n' }, environment: { CC: 'clang' } };
    expect(said('$(info,$(shell,echo x) $(CC))\n', tiny)).toBe('one two clang');
    expect(parseTiny('$(info,$(CC)$(LD))\n', tiny).model.environment).toEqual([['CC', 'clang']]);
  });

  it.each([
    ['X = $(Y)\nY = $(X)\n$(info,$(X))\n', "Recursive variable 'X' references itself (eventually)", 3],
    ['\nX := $(info)\n', "too few function arguments passed to 'info'", 3],
    ['X := $(foo\n', "unterminated reference to 'foo': missing ')'", 2],
    ['$(error-if,y,no compiler)\n', 'no compiler', 1],
  ])('%j is a mistake', (text, words, line) => expect(mistakeIn(text).report).toBe(`Kconfig:${line}: ${words}\n`));
});

describe('mistakes', () => {
  it('are shown with line, caret and what was expected', () => {
    const error = mistakeIn('config A\n\tbool "a"\n\tdepends A\n');
    expect(formatUserError(error)).toBe('KCONFIG_SYNTAX Kconfig:3:10: unexpected "A"\n  \tdepends A\n  \t        ^\n  expected on');
    expect(error.report).toBe('Kconfig:3: syntax error\nKconfig:3: invalid statement\n');
  });

  it.each([
    ['fnord\n', 'KCONFIG_SYNTAX', 'Kconfig:1'],
    ['config A\n\tbool\n\tdefault y &&\n', 'KCONFIG_SYNTAX', 'Kconfig:3'],
    ['menu "m"\nconfig A\n\tbool\n', 'KCONFIG_SYNTAX', 'Kconfig:1'],
    ['if A\nendmenu\n', 'KCONFIG_INVALID', 'Kconfig:2'],
    ['choice\n\tprompt "c"\nconfig A\n\ttristate "a"\nendchoice\n', 'KCONFIG_INVALID', 'Kconfig:3'],
    ['choice\nendchoice\n', 'KCONFIG_INVALID', 'Kconfig:1'],
    ['config A\n\tbool\n\thelp\n\nconfig B\n\tbool\n', 'KCONFIG_INVALID', 'Kconfig'],
    ['source "none"\n', 'KCONFIG_NO_FILE', 'Kconfig:1'],
    ['source "Kconfig"\n', 'KCONFIG_INCLUDE_RING', 'Kconfig:1'],
    ['config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\n\tdepends on A\n', 'KCONFIG_RING', 'Kconfig:1'],
  ])('%j: %s', (text, code, place) => {
    const error = mistakeIn(text);
    expect(error.code).toBe(code);
    expect(`${error.place?.file}:${error.place?.line}`).toContain(place);
  });

  it('are all reported where reading can go on', () => {
    const text = 'choice\nendchoice\nchoice\n\tprompt "x"\nconfig A\n\tint "a"\nendchoice\n';
    expect(mistakeIn(text).report).toBe('Kconfig:1: error: choice must have a prompt\nKconfig:5: error: choice member must be bool\n');
  });

  it('of inclusion name both places', () => {
    const error = mistakeIn('source "a"\nsource "a"\n', { files: { a: '' } });
    expect(error.report).toBe('Kconfig:2: error: repeated inclusion of a\nKconfig:1: note: location of first inclusion of a\n');
  });
});

describe('rings', () => {
  it('are reported with their path', () => {
    const text = 'config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\nconfig C\n\tbool "c"\n\tselect B\n\tdepends on A\n';
    expect(messagesOf(text).err).toBe(
      'error: recursive dependency detected!\n\tsymbol A depends on B\n\tsymbol B is selected by C\n\tsymbol C depends on A\n' +
        'For a resolution refer to Documentation/kbuild/kconfig-language.rst\n' +
        'subsection "Kconfig recursive dependency limitations"\n\n',
    );
  });
});

describe('the model', () => {
  it('keeps every condition with its place', () => {
    const { model } = parseTiny('if X\nmenu "m"\n\tdepends on Y\n\tvisible if Z\nconfig A\n\tbool "a" if P\n\tdepends on Q\nendmenu\nendif\n');
    const [menu] = model.symbols[model.names.get('A') ?? 0]?.menus ?? [];
    expect(menu && conditionsOf(menu).map(({ kind, line }) => `${kind} ${line}`)).toEqual(['prompt 6', 'depends 7', 'depends 3', 'visible 4', 'if 1']);
  });

  it('hangs what depends on a symbol below it', () => {
    const { model } = parseTiny('config A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on A\nconfig C\n\tbool "c"\n');
    const first = model.root.firstChild;
    expect([first?.firstChild?.symbol?.name, first?.next?.symbol?.name]).toEqual(['B', 'C']);
  });

  it('takes strings over the end of a file, and warns', () => {
    const { output } = parseTiny('source "a"\n', { files: { a: 'comment "no end' } });
    expect(output.err).toBe('a:1:warning: no new line at end of file\n');
  });

  it('warns of what does not fit', () => {
    const text = 'config A\n\tint "a"\n\tdefault y\n\trange 1 B\nconfig B\n\tbool "b"\n\tselect A\n\tint\n\trange 1 2\n';
    expect(parseTiny(text).output.err.split('\n')).toEqual([
      "Kconfig:5:warning: ignoring type redefinition of 'B' from 'bool' to 'integer'",
      "Kconfig:3:warning: 'A': number is invalid",
      'Kconfig:4:warning: range is invalid',
      "Kconfig:7:warning: 'A' has wrong type. 'select' only accept arguments of bool and tristate type",
      'Kconfig:9:warning: range is only allowed for int or hex symbols',
      'Kconfig:9:warning: range is invalid',
      '',
    ]);
  });

  it.each([
    ['after those of what hangs below it', 'A', [6, 6, 3, 3]],
    ['before those of what needs it to be off', '!A', [3, 3, 6, 6]],
  ])('warns of a symbol %s', (_, condition, lines) => {
    const text = `config A\n\tbool "a"\n\trange 1 2\nconfig B\n\tbool "b" if ${condition}\n\trange 1 2\n`;
    expect([...parseTiny(text).output.err.matchAll(/^Kconfig:(\d+):/gm)].map(([, line]) => Number(line))).toEqual(lines);
  });

  it('reads bytes as they are', () => {
    const text = Buffer.from('config A\n\tstring "a"\n\tdefault "gr\u00fc\u00df"\n').toString('latin1');
    expect(Buffer.from(settingsOf(resolveTiny(text, '').config)[0] ?? '', 'latin1').toString()).toBe('CONFIG_A="gr\u00fc\u00df"');
  });
});
