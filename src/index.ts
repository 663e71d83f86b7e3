/** The parts of kinfuzz that other programs can use; `src/README.md` tells how they fit together. */
export { runCampaign, type Campaign } from './campaign/run.ts';
export { checkCandidate, type CheckResult, type CheckTask } from './engine/check.ts';
export { createJournal, type Journal, openJournal } from './engine/journal.ts';
export { openLocalEngine } from './engine/local.ts';
export type { Build } from './pipeline/records.ts';
export type { Failure, Judgement, Property, Subject } from './property/contract.ts';
export { judgeBuild, loadProperties } from './property/runner.ts';
export type { Candidate } from './sampler/records.ts';
export { findLost, formatRequests } from './sampler/requests.ts';
export { candidates } from './sampler/arbitrary.ts';
export { openSampler, Sampler } from './sampler/sampler.ts';
export { formatSeed, parseSeed, type Seed } from './sampler/seed.ts';
export { loadSpace, parseSpace } from './space/load.ts';
export type { Space } from './space/schema.ts';
export { openTree } from './tree/open.ts';
export type { Toolchain, Tree } from './tree/records.ts';
export { openToolchain } from './tree/toolchain.ts';
export type { Verdict } from './verdict/records.ts';
