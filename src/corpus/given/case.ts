import { parseConfig } from '../../kconfig/config.ts';
import type { Case } from '../cases.ts';
import type { Given } from './records.ts';

/** A case asks for its assignments, on the pins of its space; where it was seen last counts. */
export function givenOfCase({ assignments, arch, space, passes, signature, seen }: Case, file: string): Given {
  const last = seen.at(-1);
  return {
    recipe: { kind: 'config', assignments: parseConfig(assignments), isWhole: false },
    place: { file },
    arch: { kind: 'known', arch },
    space, passes,
    tree: last ? { name: last.tree, fingerprint: last.fingerprint } : null,
    toolchain: null,
    signatures: [signature],
    config: null,
    script: null,
    aside: [],
  };
}
