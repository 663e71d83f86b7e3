import { describe, expect, test } from 'vitest';
import { checkSpace } from '../../src/sampler/check-space.ts';
import { UserError } from '../../src/util/errors.ts';
import { tinySampler, tinySpace } from './tiny-space.ts';

/** What a user is told of a space. */
async function complaintOf(text: string): Promise<{ code: string; message: string; line: number | undefined }> {
  const { sampler, loaded } = await tinySampler(text);
  try {
    checkSpace(sampler, loaded);
  } catch (error) {
    if (error instanceof UserError) return { code: error.code, message: error.message, line: error.place?.line };
    throw error;
  }
  throw new Error('nothing was complained about');
}

test('a space that can be had is let through', async () => {
  const { sampler, loaded } = await tinySampler();
  expect(() => checkSpace(sampler, loaded)).not.toThrow();
});

describe('a space that cannot give what it speaks of is refused, with the lines that forbid it', () => {
  test.each([
    ['contradictory pins', tinySpace.replace('EXPERT: y }', 'EXPERT: y, BTF: y, LTO: y }')],
    ['a pin that needs another architecture', tinySpace.replace('EXPERT: y }', 'EXPERT: y, ARM64: y }')],
    ['a value that no configuration has', tinySpace.replace('on: { weight: 1, set: { RT: y } }', 'on: { weight: 1, set: { RT: y, LEVEL: 12 } }')],
    ['an axis that a pin takes away', tinySpace.replace('EXPERT: y }', 'EXPERT: n }').replace('    off: { weight: 2, set: { KASAN: n } }\n', '')],
    ['a value that a pin contradicts', tinySpace.replace('EXPERT: y }', 'EXPERT: y, KASAN: n }')],
    ['a value that no candidate has: each value of another axis contradicts it', `${tinySpace}forbid:\n  - { when: { rt: [on], sample: [m] }, reason: one }\n  - { when: { rt: [on], sample: [y, n] }, reason: two }\n`],
    ['m without MODULES', tinySpace.replace('MODULES: y', 'MODULES: n')],
    ['a value for an architecture that the space does not have', tinySpace.replace('    n: { weight: 1, set: { SAMPLE', '    n: { weight: 1, arches: [um], set: { SAMPLE')],
    ['an axis without a value for an architecture', tinySpace.replace('    m: { weight: 1, set', '    m: { weight: 1, arches: [x86_64], set').replace('    y: { weight: 1, set: { SAMPLE', '    y: { weight: 1, arches: [x86_64], set: { SAMPLE').replace('    n: { weight: 1, set', '    n: { weight: 1, arches: [x86_64], set')],
  ])('%s', async (_, text) => {
    expect(await complaintOf(text)).toMatchSnapshot();
  });
});
