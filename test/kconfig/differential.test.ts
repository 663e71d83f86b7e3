import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answers, configText, kconfigText } from './arbitrary.ts';
import { inFolder, readFolder, runConfIn } from './run-conf.ts';

/** The kernel's own conf: `KINFUZZ_CONF`, or what Debian's linux-kbuild packages have. */
const conf = process.env['KINFUZZ_CONF'] ?? globSync('/usr/lib/linux-kbuild-*/scripts/kconfig/conf').sort().at(-1);
/**
 * 6.12 knows neither `transitional` nor `depends on … if`, asks for numbers for ever at the end of input, and warns in
 * another order: it hangs below a symbol also what needs that symbol to be off, and checks it first.
 */
const isOld = process.env['KINFUZZ_CONF'] === undefined;
const numRuns = Number(process.env['KINFUZZ_RUNS'] ?? 60);

const modes = [
  '--randconfig', '--alldefconfig', '--allyesconfig', '--allmodconfig', '--allnoconfig', '--olddefconfig', '--syncconfig',
  '--savedefconfig=min', '--oldaskconfig', '--oldconfig', '--listnewconfig', '--helpnewconfig', '--yes2modconfig',
  '--mod2yesconfig', '--mod2noconfig', '--defconfig=.config',
];
const oldModes = modes.slice(0, 6);

/** What needs S2 to be off, and has something to be warned of. */
const negated = `config S2
	tristate "prompt of S2"
	range S0 y
config S8
	bool "prompt of S8" if !(S2 && S0)
	range y y
config S0
	bool "prompt of S0"
`;

describe.skipIf(conf === undefined || !existsSync(conf))("the kernel's conf", () => {
  it('gives the same files, messages and exit codes', async () => {
    const kconfig = isOld ? kconfigText.filter((text) => !/transitional|depends on .* if /.test(text)) : kconfigText;
    await fc.assert(
      fc.asyncProperty(kconfig, configText, answers, fc.constantFrom(...(isOld ? oldModes : modes)), fc.nat(1000), async (text, config, lines, mode, seed) => {
        const input = answersFor(mode, lines);
        const files: Record<string, string> = { Kconfig: text, ...(seed % 5 === 0 ? {} : { '.config': config }) };
        const environment: Record<string, string> = { KCONFIG_SEED: String(seed), ...(seed % 3 === 0 ? { KCONFIG_ALLCONFIG: '.config' } : {}) };
        const theirs = await inFolder(files, (cwd) => {
          const env = { PATH: process.env['PATH'] ?? '', srctree: '.', ...environment };
          const { pid, error, status, stdout, stderr } = spawnSync(conf ?? '', [mode, 'Kconfig'], { cwd, env, input, encoding: 'latin1', timeout: 5000 });
          if (error && pid === 0) throw error;
          return { code: status, stdout, stderr, files: readFolder(cwd) };
        });
        // It asks for ever, or has crashed.
        if (theirs.code === null) return;
        const ours = await runConfIn(files, [mode, 'Kconfig'], { environment, input });
        expect(comparable(ours)).toEqual(comparable(theirs));
      }),
      { numRuns, examples: [[negated, '', '', '--randconfig', 5]] },
    );
  }, 600_000);
});

/**
 * No help is asked for where old values can be changed: of a text that was just changed, help shows memory that is free
 * already (scripts/kconfig/symbol.c: sym_set_string_value; in 7.3 still).
 */
function answersFor(mode: string, input: string): string {
  return mode === '--oldaskconfig' ? input.replaceAll('?', '') : input;
}

/** For 6.12, warnings about Kconfig that stand together are put into the order of their texts. */
function comparable<T extends { stderr: string }>(outcome: T): T {
  if (!isOld) return outcome;
  const stderr = outcome.stderr.replaceAll(/(?:^Kconfig:\d+:warning: .*\n)+/gm, (warnings) => warnings.split(/(?<=\n)/).sort().join(''));
  return { ...outcome, stderr };
}
