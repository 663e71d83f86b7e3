import fc from 'fast-check';

const symbolCount = 12;
/** Symbols that surround others: they are never in a block themselves. */
const outerCount = 3;
/** How deep blocks are in blocks. */
const nesting = 2;

/**
 * Kconfig texts that mostly parse: every statement and property, few symbols, many relations. Symbols depend on those
 * with smaller numbers and select those with greater ones, so that rings are rare.
 */
export const kconfigText: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.constantFrom('bool', 'bool', 'tristate', 'tristate', 'int', 'hex', 'string'), { minLength: symbolCount, maxLength: symbolCount }),
    fc.array(block(nesting), { minLength: 3, maxLength: 12 }),
    fc.constantFrom('', 'mainmenu "A title"\n'),
    fc.constantFrom('', 'config MODULES\n\tbool "modules"\n\tmodules\n', 'config MODULES\n\tdef_bool y\n\tmodules\n'),
  )
  .map(([types, blocks, title, modules]) => numberChoices(title + modules + blocks.join('')).replaceAll(/TYPE\(S(\d+)\)/g, (_, index: string) => typeOf(types, Number(index))));

/** Answers to `conf`'s questions. */
export const answers: fc.Arbitrary<string> = fc
  .array(fc.constantFrom('', '', 'y', 'n', 'm', '1', '2', '3', '?', '1?', '0x10', '-5', 'text', ' Y ', 'no'), { maxLength: 60 })
  .map((lines) => lines.map((line) => `${line}\n`).join(''));

/** A `.config` for those symbols, with mistakes. */
export const configText: fc.Arbitrary<string> = configLines();

function configLines(): fc.Arbitrary<string> {
  const names = [...Array.from({ length: symbolCount }, (_, index) => `S${index}`), 'MODULES', 'MODULES', 'C0_0', 'C0_1', 'C1_0', 'C1_1', 'C2_1'];
  const value = fc.constantFrom('y', 'y', 'y', 'm', 'm', 'n', '3', '0x1F', '-2', '007', '"text"', '"a\\"b\\\\"', '"open', 'bogus', '');
  const line = fc.oneof(
    { weight: 10, arbitrary: fc.tuple(fc.constantFrom(...names), value).map(([symbol, text]) => `CONFIG_${symbol}=${text}`) },
    { weight: 4, arbitrary: fc.constantFrom(...names).map((symbol) => `# CONFIG_${symbol} is not set`) },
    { weight: 1, arbitrary: fc.constantFrom('', '# comment', 'garbage', 'CONFIG_NOWHERE=y', 'CONFIG_S0', '#CONFIG_S1 is not set', 'CONFIG_S2=y\r') },
  );
  return fc.array(line, { maxLength: 24 }).map((lines) => lines.map((text) => `${text}\n`).join(''));
}

function typeOf(types: readonly string[], index: number): string {
  return index < outerCount ? (index === 0 ? 'bool' : 'tristate') : (types[index] ?? 'bool');
}

/** Members of each choice have names of their own: one defined twice is an error. */
function numberChoices(text: string): string {
  let count = -1;
  return text.replaceAll(/CHOICE|MEMBER/g, (word) => {
    if (word === 'CHOICE') count++;
    return word === 'CHOICE' ? 'choice' : `C${count}_`;
  });
}

function block(depth: number): fc.Arbitrary<string> {
  const own = [
    { weight: 10, arbitrary: fc.integer({ min: depth === nesting ? 0 : outerCount, max: symbolCount - 1 }).chain(config) },
    { weight: 1, arbitrary: fc.array(dependency(outerCount), { maxLength: 1 }).map((deps) => `comment "a comment"\n${deps.join('')}`) },
    { weight: 3, arbitrary: choice() },
  ];
  if (depth === 0) return fc.oneof(...own);
  const inner = fc.array(block(depth - 1), { maxLength: 4 });
  return fc.oneof(
    ...own,
    { weight: 2, arbitrary: fc.tuple(expression(outerCount), inner).map(([e, body]) => `if ${e}\n${body.join('')}endif\n`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.array(dependency(outerCount), { maxLength: 1 }), fc.option(expression(outerCount)), inner)
        .map(([deps, visible, body]) => `menu "a menu"\n${deps.join('')}${visible === null ? '' : `\tvisible if ${visible}\n`}${body.join('')}endmenu\n`),
    },
  );
}

function choice(): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.array(dependency(outerCount), { maxLength: 1 }),
      fc.nat({ max: 5 }),
      fc.array(fc.option(expression(6)), { minLength: 1, maxLength: 4 }),
    )
    .map(([deps, preset, conditions]) => {
      const members = conditions.map((condition, index) => {
        return `config MEMBER${index}\n\tbool "member ${index}"${condition === null ? '' : ` if ${condition}`}\n`;
      });
      const initial = preset < conditions.length ? `\tdefault MEMBER${preset}\n` : '';
      return `CHOICE\n\tprompt "a choice"\n${deps.join('')}${initial}${members.join('')}endchoice\n`;
    });
}

function config(index: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.option(fc.option(expression(index), { freq: 2 }), { freq: 4 }), fc.array(option(index), { maxLength: 4 }), fc.boolean(), fc.nat({ max: 30 }))
    .map(([prompt, options, isMenu, rare]) => {
      if (rare === 0) return `config S${index}\n\tTYPE(S${index})\n\ttransitional\n`;
      const condition = typeof prompt === 'string' ? ` if ${prompt}` : '';
      const text = rare % 4 === 3 ? '' : ` "prompt of S${index}"${condition}`;
      return `${isMenu && text !== '' ? 'menuconfig' : 'config'} S${index}\n\tTYPE(S${index})${text}\n${options.join('')}`;
    });
}

function option(index: number): fc.Arbitrary<string> {
  const condition = fc.option(expression(index)).map((e) => (e === null ? '' : ` if ${e}`));
  const value = fc.oneof(below(index), fc.constantFrom('y', 'm', 'n', '7', '0x20', '"text"', '"5"', '-3'));
  // One more than there are: the last one has something to select, too.
  const target = fc.integer({ min: index + 1, max: symbolCount }).map((other) => `S${other}`);
  return fc.oneof(
    { weight: 4, arbitrary: dependency(index) },
    { weight: 4, arbitrary: fc.tuple(fc.oneof(value, expression(index)), condition).map(([v, c]) => `\tdefault ${v}${c}\n`) },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom('select', 'imply'), target, condition).map(([how, s, c]) => `\t${how} ${s}${c}\n`) },
    { weight: 2, arbitrary: fc.tuple(value, value, condition).map(([low, high, c]) => `\trange ${low} ${high}${c}\n`) },
  );
}

function dependency(index: number): fc.Arbitrary<string> {
  return fc
    .tuple(expression(index), fc.option(expression(index), { freq: 4 }))
    .map(([e, condition]) => `\tdepends on ${e}${condition === null ? '' : ` if ${condition}`}\n`);
}

/** A symbol with a smaller number; rarely any. */
function below(index: number): fc.Arbitrary<string> {
  const any = fc.integer({ min: 0, max: symbolCount - 1 });
  const smaller = index === 0 ? any : fc.integer({ min: 0, max: index - 1 });
  return fc.oneof({ weight: 60, arbitrary: smaller }, { weight: 1, arbitrary: any }).map((other) => (index === 0 ? 'y' : `S${other}`));
}

/** Not `!= y`: the C tool takes a symbol for an expression there and crashes for bools. */
function expression(index: number): fc.Arbitrary<string> {
  const name = below(index);
  const constant = fc.constantFrom('y', 'm', 'n', '"y"', '5', '0x10', '"text"', 'UNKNOWN', 'MODULES');
  const comparison = fc
    .tuple(name, fc.constantFrom('=', '!=', '<', '<=', '>', '>='), fc.oneof(name, constant))
    .map(([left, operator, right]) => `${left}${operator}${operator === '!=' && /^"?y/.test(right) ? 'n' : right}`);
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      { weight: 6, arbitrary: name },
      { weight: 1, arbitrary: fc.constantFrom('y', 'm', 'n') },
      { weight: 2, arbitrary: comparison },
      { weight: 2, arbitrary: tie('tree').map((e) => `!(${e})`) },
      { weight: 1, arbitrary: name.map((e) => `!${e}`) },
      { weight: 3, arbitrary: fc.tuple(tie('tree'), tie('tree')).map(([left, right]) => `${left} && ${right}`) },
      { weight: 3, arbitrary: fc.tuple(tie('tree'), tie('tree')).map(([left, right]) => `(${left} || ${right})`) },
    ),
  }));
  return tree;
}
