import { btfStepsOf, hasBtf, kernelFile, readTypes } from '../src/property/btf.ts';
import type { Build, Built, Evidence, Failure, Property } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { excuseUnlessBuilt, requirePass } from '../src/property/subject.ts';

const property: Property = {
  name: 'btf-unchanged',
  claim: 'the BTF of the kernel and its modules has no type more than with the option off, and none twice that was there once',
  needs: 'twin',
  judge: async (subject) => {
    const excuse = excuseUnlessBuilt(subject.build);
    if (excuse) return excuse;
    if (subject.build.config['DEBUG_INFO_BTF'] !== 'y') return notApplicable('the configuration makes no BTF');
    const twin = requirePass(subject, 'twin');
    if (twin.build.outcome.kind !== 'succeeded') return notApplicable('the build with the option off has not succeeded');
    // Where only one of them has BTF, that is the claim btf-whole's to report.
    if (!(await isEncoded(subject)) || !(await isEncoded(twin))) return notApplicable('no kernel was linked that has BTF');
    const [types, before] = [await readTypes(subject), await readTypes(twin)];
    return conclude([...types].flatMap(([path, names]) => inspectTypes(path, names, before.get(path) ?? [], subject.build)));
  },
};
export default property;

async function isEncoded({ artifacts }: Built): Promise<boolean> {
  return (await artifacts.format(kernelFile)) === 'elf' && hasBtf(kernelFile, artifacts);
}

/** Types are C's, and C is the same: with the option on, those go that helpers alone have, and nothing comes. Types of Rust are the claim btf-whole's. */
function inspectTypes(path: string, names: readonly string[], others: readonly string[], build: Build): Failure[] {
  const [counts, before] = [countOf(names.filter((name) => /^\w+$/.test(name))), countOf(others)];
  const more = [...counts].filter(([name, count]) => count > (before.get(name) ?? 0));
  if (more.length === 0) return [];
  const [[first]] = more as [[string, number]];
  const show = ([name, count]: [string, number]): Evidence => ({ kind: 'section', where: path, text: `.BTF: ${name}: ${count} types with the option on, ${before.get(name) ?? 0} off` });
  return [{
    summary: `the BTF of ${path} has ${more.length} types more than with the option off: ${first}`,
    key: ['more', ...(more.length > 3 ? ['many'] : more.map(([name]) => name))],
    evidence: [...more.slice(0, 6).map(show), ...btfStepsOf(path, build).map(commandEvidence)],
  }];
}

function countOf(names: readonly string[]): Map<string, number> {
  return new Map([...Map.groupBy(names, (name) => name)].map(([name, same]) => [name, same.length]));
}
