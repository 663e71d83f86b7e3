import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Journal } from '../engine/journal.ts';
import { parseConfig } from '../kconfig/config.ts';
import type { Property } from '../property/contract.ts';
import { readsClaim } from '../property/runner.ts';
import { formatCommands, formatLog, formatReport } from '../report/finding.ts';
import type { MinimizedFinding } from '../report/minimized.ts';
import { formatScript } from '../report/reproduce.ts';
import { mentionedSymbols } from '../space/requests.ts';
import type { Space } from '../space/schema.ts';
import type { Toolchain, Tree } from '../tree/records.ts';
import { InfraError } from '../util/errors.ts';
import { readTextIfAny, writeAtomic } from '../util/files.ts';
import { findingFiles, type FindingRecord, nameFinding, parseFinding } from '../verdict/finding.ts';
import type { SignedFailure, Verdict } from '../verdict/records.ts';

/** What the findings of a run have in common. `command`: what the user calls kinfuzz by. */
export type FindingContext = { journal: Journal; tree: Tree; toolchain: Toolchain; space: Space; properties: readonly Property[]; command: string };

/** The folder of a finding in that of its run. */
export function placeFinding(run: string, signature: string): string {
  return join(run, 'findings', nameFinding(signature));
}

/**
 * Writes the folder of each failure of verdicts that are in the journal, by the first candidate that failed so. One call at a
 * time: any candidate may have the same failure. They throw InfraError `FINDING_UNWRITABLE`.
 */
export function openFindings(context: FindingContext): (verdicts: readonly Verdict[]) => Promise<void> {
  let last = Promise.resolve();
  return (verdicts) => (last = last.then(() => keepFindings(verdicts, context)));
}

async function keepFindings(verdicts: readonly Verdict[], context: FindingContext): Promise<void> {
  for (const verdict of verdicts) {
    for (const failure of verdict.failures) {
      const folder = placeFinding(context.journal.directory, failure.signature);
      const kept = await readFinding(folder);
      // The first by its number, not by time: however many are checked at once, it is the same.
      if (kept === null || kept.index > verdict.index) await writing(folder, () => writeNew(folder, verdict, failure, context));
    }
  }
}

/** Adds what a search has found to the folder of its finding; the fragment is read from the search's own folder. */
export async function completeFinding(folder: string, { failure, arch, about, base, causes, isMinimal, isConfirmed, elements, trials, shown, directory }: MinimizedFinding, command: string): Promise<void> {
  const finding = await readFinding(folder);
  const fragment = await readTextIfAny(join(directory, 'fragment.config'));
  if (finding === null || fragment === null) return;
  // What another failure, architecture or tree showed is not what this finding is about.
  if (finding.signature !== failure.signature || finding.arch !== arch || !finding.tree.fingerprint.startsWith(about.sighting.fingerprint)) return;
  const minimized = {
    base,
    causes: causes.map(({ symbol, value, base: before, place, without }) => ({ symbol, value, before, place, without })),
    isMinimal, isConfirmed, elements, trials,
    evidence: shown?.evidence ?? null,
    symptoms: shown ? (shown.symptoms ?? []) : null,
  };
  await writing(folder, async () => {
    await writeAtomic(join(folder, findingFiles.minimal), fragment);
    await writeTexts(folder, { ...finding, minimized }, command);
  });
}

/** Folders of a finding in the runs below a directory. */
export async function findKept(out: string, { signature, seed }: { signature: string; seed: string }): Promise<string[]> {
  const runs: string[] = await readdir(out).catch(() => []);
  const folders = runs.map((run) => placeFinding(join(out, run), signature));
  const kept = await Promise.all(folders.map(async (folder) => ((await readFinding(folder))?.seed === seed ? [folder] : [])));
  return kept.flat();
}

/** Null where there is none, or none that can be read: then it is written anew. */
async function readFinding(folder: string): Promise<FindingRecord | null> {
  const text = await readTextIfAny(join(folder, findingFiles.record)).catch(() => null);
  if (text === null) return null;
  try {
    return parseFinding(text);
  } catch {
    return null;
  }
}

async function writing(folder: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new InfraError('FINDING_UNWRITABLE', `a finding could not be kept in ${folder}: ${error instanceof Error ? error.message : String(error)}`, 'free some space, then go on with --resume: its verdict is in the journal');
  }
}

async function writeNew(folder: string, verdict: Verdict, failure: SignedFailure, context: FindingContext): Promise<void> {
  const config = context.journal.config(verdict.config) ?? '';
  await rm(folder, { recursive: true, force: true });
  await writeAtomic(join(folder, findingFiles.config), config);
  await writeTexts(folder, recordOf(verdict, failure, config, context), context.command);
}

/** The record last: where it is, all is. */
async function writeTexts(folder: string, finding: FindingRecord, command: string): Promise<void> {
  const texts = {
    [findingFiles.log]: formatLog(finding),
    [findingFiles.commands]: formatCommands(finding),
    [findingFiles.script]: formatScript(finding),
    [findingFiles.report]: formatReport(finding, command),
    [findingFiles.record]: `${JSON.stringify(finding, null, 2)}\n`,
  };
  for (const [name, text] of Object.entries(texts)) await writeAtomic(join(folder, name), text);
}

function recordOf(verdict: Verdict, failure: SignedFailure, config: string, { journal, tree, toolchain, space, properties }: FindingContext): FindingRecord {
  const values = parseConfig(config);
  const claim = failure.property === readsClaim ? "the toolchain's tools can read what was built" : (properties.find(({ name }) => name === failure.property)?.claim ?? '');
  return {
    kind: 'finding', version: 1,
    signature: failure.signature, property: failure.property, claim, summary: failure.summary, evidence: failure.evidence, symptoms: failure.symptoms ?? [],
    arch: verdict.arch, seed: verdict.seed, index: verdict.index, space: journal.meta.space, passes: verdict.passes,
    tree: { kind: tree.kind, spec: tree.spec, version: tree.version, fingerprint: tree.fingerprint },
    toolchain: { kind: toolchain.kind, fingerprint: toolchain.fingerprint, tools: Object.fromEntries(Object.entries(toolchain.tools).map(([name, tool]) => [name, tool?.version ?? ''])) },
    targets: space.targets,
    config: verdict.config, resolution: verdict.resolution,
    required: [...mentionedSymbols(space, verdict.arch)].flatMap((symbol) => (values[symbol] === undefined ? [] : [{ symbol, value: values[symbol] }])),
    choices: verdict.choices,
    minimized: null,
  };
}
