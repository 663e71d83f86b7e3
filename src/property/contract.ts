import type { ArtifactReader } from '../artifact/reader.ts';
import type { Build } from '../pipeline/records.ts';

/** A piece of a proof, as text that a maintainer can check: the command, the symbol, the log lines. */
export type Evidence = { kind: 'command' | 'symbol' | 'section' | 'file' | 'log'; where: string; text: string };

/**
 * One violation. `key` holds what stays the same when the same defect is met again on another architecture, in
 * another object tree, with other hashes and line numbers: it becomes the signature.
 */
export type Failure = { summary: string; key: string[]; evidence: Evidence[] };

export type Judgement =
  | { result: 'passed' }
  | { result: 'not-applicable'; reason: string }
  | { result: 'failed'; failures: Failure[] };

/** What a property looks at: the record of the build, and its files read through the toolchain's own tools. */
export type Subject = { build: Build; artifacts: ArtifactReader };

/** A claim about a build. One file under `properties/`, its default export. */
export type Property = {
  /** The file's name without its ending. */
  name: string;
  /** The claim in one sentence: "every Rust object is ELF when objtool reads it". */
  claim: string;
  judge: (subject: Subject) => Promise<Judgement>;
};

export type { Artifact, Build, Diagnostic, Mutant, Part, PlannedStep, Role, Step } from '../pipeline/records.ts';
