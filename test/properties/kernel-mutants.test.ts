import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadKernelMutants } from '../../src/property/mutants.ts';
import { loadProperties } from '../../src/property/runner.ts';
import { arches } from '../../src/tree/records.ts';
import { gateProperty } from '../../src/verdict/gate.ts';

const directory = fileURLToPath(new URL('../../properties', import.meta.url));
const mutants = await loadKernelMutants(`${directory}/mutants/kernel`);
const known = [...(await loadProperties(directory)).map(({ name }) => name), gateProperty];

test.each(mutants.map((mutant) => [mutant.name, mutant] as const))('%s names a property that there is, and changes something', (_, { property, arch, edits }) => {
  expect(known).toContain(property);
  expect(arches).toContain(arch);
  expect(edits.length).toBeGreaterThan(0);
  for (const { file, find, replace, times } of edits) {
    expect(file).toMatch(/^[^/]/);
    expect(times).toBeGreaterThan(0);
    expect(find.source).not.toBe(replace);
  }
  // What is judged at the level of configurations is Kconfig alone, and what is built has Kconfig as it is.
  for (const { file } of edits) expect(/(?:^|\/)Kconfig/.test(file)).toBe(property === gateProperty);
});
