import { describe, expect, test } from 'vitest';
import { formatCommand, hasCfg, hasPluginLto, isLtoEffective, isMacroDefined, macroValue } from '../../src/property/steps.ts';
import { tidyPath } from '../../src/property/subject.ts';

const words = (line: string) => line.split(' ');

test.each([
  ['clang -c a.bc', false],
  ['clang -flto -c a.bc', true],
  ['clang -flto=thin -c a.bc', true],
  ['clang -fno-lto -flto -c a.bc', true],
  ['clang -flto=full -fno-lto -c a.bc', false],
  ['clang -flto-visibility-public-std -c a.bc', false],
])('LTO in effect of "%s": %s', (line, isEffective) => {
  expect(isLtoEffective(words(line))).toBe(isEffective);
});

test.each([
  ['clang -c a.c', false],
  ['clang -DMODULE -c a.c', true],
  ['clang -D MODULE -c a.c', true],
  ['clang -DMODULE=1 -c a.c', true],
  ['clang -DMODULE -UMODULE -c a.c', false],
  ['clang -U MODULE -DMODULE -c a.c', true],
  ['clang -DMODULES -DKBUILD_MODNAME="MODULE" -c a.c', false],
])('MODULE is defined by "%s": %s', (line, isDefined) => {
  expect(isMacroDefined(words(line), 'MODULE')).toBe(isDefined);
});

test.each([
  ['clang -DNAME="a.b" -c a.c', 'a.b'],
  ['clang -D NAME=a -c a.c', 'a'],
  ['clang -DNAME=a -DNAME=b -c a.c', 'b'],
  ['clang -DNAME -c a.c', ''],
  ['clang -DNAME=a -UNAME -c a.c', null],
  ['clang -DNAMES=a -c a.c', null],
])('NAME in "%s" is %s', (line, value) => {
  expect(macroValue(words(line), 'NAME')).toBe(value);
});

test.each([
  ['rustc --cfg MODULE a.rs', true],
  ['rustc --cfg=MODULE a.rs', true],
  ['rustc --cfg MODULES --crate-name MODULE a.rs', false],
])('cfg(MODULE) is set by "%s": %s', (line, isSet) => {
  expect(hasCfg(words(line), 'MODULE')).toBe(isSet);
});

test.each([
  ['rustc -Clinker-plugin-lto a.rs', true],
  ['rustc -C linker-plugin-lto=yes a.rs', true],
  ['rustc -Clinker-plugin-lto=no a.rs', false],
  ['rustc -Clto=n a.rs', false],
])('rustc leaves bitcode in "%s": %s', (line, leaves) => {
  expect(hasPluginLto(words(line))).toBe(leaves);
});

describe('formatCommand', () => {
  test('quotes what a shell would read otherwise', () => {
    const argv = ['clang', '-DA="x y"', "it's", '-o', 'out/a.o', ''];
    expect(formatCommand({ argv })).toBe(String.raw`clang '-DA="x y"' 'it'\''s' -o out/a.o ''`);
  });
});

test('paths of make compare equal', () => {
  expect(tidyPath('./rust//helpers/./helpers.bc')).toBe('rust/helpers/helpers.bc');
  expect(tidyPath('../elsewhere/a.o')).toBe('../elsewhere/a.o');
});
