import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SymbolType } from '../kconfig/symbols.ts';
import { UserError, type Place } from '../util/errors.ts';
import { readTextIfAny } from '../util/files.ts';
import { shortHash } from '../util/hash.ts';
import { parseYaml } from '../util/yaml.ts';
import { checkGates } from './check-gates.ts';
import { type Space, spaceSchema } from './schema.ts';

const versionOf = createRequire(import.meta.url);
/** What decides which candidate a seed stands for, beside the space: the libraries, and our own way of drawing. */
const samplers = {
  drawing: 2,
  'fast-check': (versionOf('fast-check/package.json') as { version: string }).version,
  z3: (versionOf('z3-solver/package.json') as { version: string }).version,
};

/** A space and how to find the line of any of its entries. */
export type LoadedSpace = { space: Space; placeOf: (path: readonly (string | number)[]) => Place };

/**
 * Reads a space by name (a file of `directory`) or by path.
 *
 * @throws UserError with file, line and column
 */
export async function loadSpace(nameOrPath: string, directory: string): Promise<LoadedSpace> {
  const isPath = /[/\\]|\.ya?ml$/.test(nameOrPath);
  const file = isPath ? nameOrPath : join(directory, `${nameOrPath}.yaml`);
  const text = await readTextIfAny(file).catch((error: unknown) => {
    throw new UserError({ code: 'UNKNOWN_SPACE', message: `the space cannot be read: ${error instanceof Error ? error.message : String(error)}`, place: { file } });
  });
  if (text === null) {
    const known = (await readdir(directory).catch(() => [])).map((entry) => entry.replace(/\.yaml$/, ''));
    throw new UserError({ code: 'UNKNOWN_SPACE', message: `there is no space "${nameOrPath}"`, hint: `known: ${known.join(', ')}; or name a .yaml file` });
  }
  return parseSpace(text, file);
}

/** Reads the text of a space file. @throws UserError with file, line and column */
export function parseSpace(text: string, file: string): LoadedSpace {
  const { value, placeOf } = parseYaml(text, file, spaceSchema, 'SPACE');
  const space: Space = { ...value, hash: shortHash(JSON.stringify([value, samplers]), 6) };
  checkAxes(space, placeOf);
  checkGates(space, placeOf);
  return { space, placeOf };
}

/**
 * Holds every symbol of a space against those of a tree.
 *
 * @throws UserError `SPACE_SYMBOL` for a symbol that the tree does not have, `SPACE_VALUE` for a value of another type
 */
export function checkSymbols({ space, placeOf }: LoadedSpace, symbols: ReadonlyMap<string, SymbolType>, tree: string): void {
  const check = (assignments: Record<string, string>, path: string[]) => {
    for (const [symbol, value] of Object.entries(assignments)) {
      const type = symbols.get(symbol);
      const place = placeOf([...path, symbol]);
      if (type === undefined) throw new UserError({ code: 'SPACE_SYMBOL', message: `the tree ${tree} has no symbol ${symbol}`, place, hint: 'a symbol is written without CONFIG_; see the tree for its spelling' });
      if (!valuePatterns[type].test(value)) throw new UserError({ code: 'SPACE_VALUE', message: `${symbol} is ${type}; "${value}" is not a value of that type`, place, hint: valueHints[type] });
    }
  };
  for (const symbol of Object.keys(space.gates ?? {})) check({ [symbol]: 'y' }, ['gates']);
  check(space.pins, ['pins']);
  for (const [arch, { pins }] of Object.entries(space.arches)) check(pins, ['arches', arch, 'pins']);
  for (const [axis, values] of Object.entries(space.axes)) {
    for (const [name, { set, wish = {} }] of Object.entries(values)) {
      check(set, ['axes', axis, name, 'set']);
      check(wish, ['axes', axis, name, 'wish']);
    }
  }
}

/** Holds the properties that a space names against those there are. @throws UserError `SPACE_PROPERTY` */
export function checkProperties({ space, placeOf }: LoadedSpace, known: readonly string[]): void {
  for (const [index, name] of (space.properties ?? []).entries()) {
    if (!known.includes(name)) throw new UserError({ code: 'SPACE_PROPERTY', message: `there is no property ${name}`, place: placeOf(['properties', index]), hint: `there are: ${known.join(', ')}` });
  }
}

const valuePatterns: Record<SymbolType, RegExp> = {
  bool: /^[yn]$/,
  tristate: /^[ymn]$/,
  int: /^-?\d+$/,
  hex: /^0[xX][0-9a-fA-F]+$/,
  string: /^".*"$/s,
};

const valueHints: Record<SymbolType, string> = {
  bool: 'y or n',
  tristate: 'y, m or n',
  int: 'a decimal number',
  hex: 'a number such as 0x1000',
  string: `a text in double quotes inside single ones: '"text"'`,
};

/** Axes and values that the space speaks of are there. */
function checkAxes(space: Space, placeOf: LoadedSpace['placeOf']): void {
  const find = (axis: string, path: (string | number)[]) => {
    const values = Object.hasOwn(space.axes, axis) ? space.axes[axis] : undefined;
    if (values === undefined) throw new UserError({ code: 'SPACE_AXIS', message: `there is no axis ${axis}`, place: placeOf(path), hint: `there are: ${Object.keys(space.axes).join(', ')}` });
    return values;
  };
  for (const [index, { when }] of space.forbid.entries()) {
    for (const [axis, values] of Object.entries(when)) {
      const known = find(axis, ['forbid', index, 'when', axis]);
      const stranger = values.find((value) => !Object.hasOwn(known, value));
      if (stranger !== undefined) throw new UserError({ code: 'SPACE_AXIS', message: `axis ${axis} has no value ${stranger}`, place: placeOf(['forbid', index, 'when', axis]) });
    }
  }
  for (const [index, { axes }] of space.groups.entries()) for (const [at, axis] of axes.entries()) find(axis, ['groups', index, 'axes', at]);
}
