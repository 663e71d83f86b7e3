import { KconfigError } from '../../src/kconfig/errors.ts';
import { KeptOutput } from '../../src/kconfig/output.ts';
import { findProbe, noOverrides, type Overrides } from '../../src/kconfig/overrides.ts';
import { parseKconfig } from '../../src/kconfig/parse.ts';
import type { Model } from '../../src/kconfig/model.ts';
import { Resolver } from '../../src/kconfig/resolver.ts';

/** Files by name, shell answers by command, environment variables, and what stands in for any of them. */
export type Tiny = { files?: Record<string, string>; answers?: Record<string, string>; environment?: Record<string, string>; overrides?: Overrides };

/** Parses a text as `Kconfig`, beside other files. */
export function parseTiny(text: string, tiny: Tiny = {}, output = new KeptOutput()): { model: Model; output: KeptOutput; overridden: Set<string> } {
  const overrides = tiny.overrides ?? noOverrides;
  const files: Record<string, string> = { ...tiny.files, Kconfig: text, ...overrides.files };
  const overridden = new Set<string>();
  const model = parseKconfig({
    root: 'Kconfig',
    reader: (name) => files[name] ?? null,
    environment: { ...tiny.environment, ...overrides.environment },
    shell(command) {
      const found = findProbe(overrides, command);
      if (found) overridden.add(found.text);
      return found?.stdout ?? tiny.answers?.[command] ?? '';
    },
    output,
  });
  return { model, output, overridden };
}

/** What a `.config` text becomes. */
export function resolveTiny(text: string, config: string): { config: string; warnings: string } {
  return new Resolver(parseTiny(text).model).resolveText(config);
}

/** What parsing prints, also where it ends in a mistake. */
export function messagesOf(text: string): KeptOutput {
  const output = new KeptOutput();
  try {
    parseTiny(text, {}, output);
  } catch (error) {
    if (!(error instanceof KconfigError)) throw error;
  }
  return output;
}

/** The mistake in a text. */
export function mistakeIn(text: string, tiny: Tiny = {}): KconfigError {
  try {
    parseTiny(text, tiny);
  } catch (error) {
    if (error instanceof KconfigError) return error;
    throw error;
  }
  throw new Error('no mistake was found');
}

/** The lines of a `.config` that set something. */
export function settingsOf(config: string): string[] {
  return config.split('\n').filter((line) => line.startsWith('CONFIG_') || line.endsWith(' is not set'));
}
