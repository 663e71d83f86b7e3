import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { shapes } from '../../src/campaign/mutants.ts';
import { formatFragment } from '../../src/kconfig/config.ts';
import type { Mutant, Sign, Subject } from '../../src/property/contract.ts';
import { loadMutants } from '../../src/property/mutants.ts';
import { judgeBuild, loadProperties } from '../../src/property/runner.ts';
import { quote } from '../../src/report/looks.ts';
import { formatScript } from '../../src/report/reproduce.ts';
import { runCommand } from '../../src/util/process.ts';
import { decideJudgements } from '../../src/verdict/decide.ts';
import { makeFinding } from '../support/finding.ts';
import { buildWithPasses } from '../support/passes.ts';
import { hostToolchain, resolveEmbedded, withDirectory } from '../support/toolchain.ts';

const properties = await loadProperties(fileURLToPath(new URL('../../properties', import.meta.url)));
const mutants = await loadMutants(fileURLToPath(new URL('../../properties/mutants', import.meta.url)));

/** Of each look that reads bitcode or recorded commands one mutant or more. */
test.each(['attributes-stripped', 'codegen-for-another-system', 'crates-linked-into-one-file', 'helper-file-with-weak-variable', 'helper-weak', 'helpers-for-another-system', 'helpers-unprotected', 'helpers-with-more-features', 'helpers-without-kasan'])('the script tells %s from a healthy build', async (name) => {
  const mutant = mutants.find((one) => one.name === name) as Mutant;
  const arch = mutant.needs['ARM64'] ? 'arm64' : 'x86_64';
  const config = await resolveEmbedded(arch, formatFragment(Object.entries({ ...shapes, ...mutant.needs })));
  await withDirectory(async (place) => {
    const build = (where: string, broken: Mutant | null) => {
      mkdirSync(join(place, where));
      return buildWithPasses(join(place, where), { arch, config, mutant: broken }, []);
    };
    const subject = await build('broken', mutant);
    const { failures } = decideJudgements(await judgeBuild(properties, subject));
    const symptoms = failures.flatMap((failure) => failure.symptoms ?? []);
    expect(symptoms).not.toEqual([]);
    expect(await look(join(place, 'broken'), subject, symptoms)).toBe(0);
    expect(await look(join(place, 'healthy'), await build('healthy', null), symptoms)).toBe(1);
  });
});

/** What the script's looks say of an objtree that kinfuzz has built, once it has what make would have recorded there. */
async function look(directory: string, { build }: Subject, symptoms: Sign[][]): Promise<number | null> {
  renameSync(join(directory, 'obj'), join(directory, 'this'));
  writeFileSync(join(directory, 'this.built'), '');
  for (const [target, steps] of Map.groupBy(build.steps, (step) => step.target)) {
    const file = join(directory, 'this', dirname(target), `.${basename(target)}.cmd`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `savedcmd_${target} := ${steps.map(({ argv }) => argv.map((word) => (/^[\w./:=,@+-]+$/.test(word) ? word : quote(word))).join(' ')).join('; ')}\n`);
  }
  const script = formatScript(makeFinding({ symptoms }));
  const looks = script.slice(script.indexOf('# sign TREE'), script.indexOf('resolve this "$config"'));
  const asked = script.slice(script.indexOf('make_targets this\n') + 'make_targets this\n'.length);
  writeFileSync(join(directory, 'look.sh'), `say() { printf '%s\\n' "$*" >&2; }\nout=${quote(directory)} before= after=\n${looks}${asked}`);
  const { exit } = await runCommand({ argv: ['/bin/sh', join(directory, 'look.sh')], sandbox: { kind: 'none', env: { PATH: (await hostToolchain()).path.join(':') }, cwd: directory }, timeoutMs: 60_000, signal: new AbortController().signal });
  return exit.kind === 'exited' ? exit.code : null;
}
