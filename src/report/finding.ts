import { formatFragment } from '../kconfig/config.ts';
import { findingFiles, type FindingRecord } from '../verdict/finding.ts';
import { describeSign, formatByHand } from './looks.ts';
import { formatRepro } from './repro-line.ts';
import { formatEvidence } from './text.ts';

/** `log.txt`: what the build said of it. */
export function formatLog({ evidence, signature }: FindingRecord): string {
  const said = evidence.filter(({ kind }) => kind === 'log');
  if (said.length === 0) return `The build says nothing of ${signature}: it shows in what was built.\n`;
  return said.map(({ where, text }) => `# ${where}\n${text}\n`).join('\n');
}

/** `commands.sh`: the commands of the steps that the evidence names, whole and as they were run. */
export function formatCommands({ evidence, signature, tree, toolchain }: FindingRecord): string {
  const run = evidence.filter(({ kind }) => kind === 'command');
  const head = `# Commands behind ${signature}, as they were run: the source of ${tree.spec} at /src, the object tree at /obj, which is\n# where they run; toolchain ${toolchain.kind}. For reading: what they need is not here.\n`;
  if (run.length === 0) return `${head}# The evidence names none.\n`;
  return `${head}${run.map(({ where, text }) => `\n# ${where}\n${text}\n`).join('')}`;
}

/** `REPORT.md`: a draft of a mail. It says what was seen, and what was not looked at. */
export function formatReport(finding: FindingRecord, command: string): string {
  const { signature, property, claim, summary, minimized } = finding;
  const evidence = minimized?.evidence ?? finding.evidence;
  return `${[
    `Draft of a report on ${signature}. Read it against the files beside it before you send it: nobody has.`,
    '',
    `Subject: rust: RUST_INLINE_HELPERS: ${subject(summary)}`,
    '',
    ...wrap(`${isInlining(finding) ? 'With CONFIG_RUST_INLINE_HELPERS=y: ' : ''}${summary}.`),
    '',
    ...wrap(`What was expected (the property ${property}): ${claim}.`),
    '',
    '## Where it was seen',
    '',
    ...formatEnvironment(finding),
    '',
    '## Configuration',
    '',
    ...formatConfiguration(finding),
    '',
    '## How to see it',
    '',
    ...formatHow(finding, command),
    '',
    '## Evidence',
    '',
    'Paths are those of the object tree; the source was at /src, the object tree at /obj.',
    '',
    ...evidence.filter(({ kind }) => kind !== 'command').slice(0, 8).flatMap(formatEvidence),
    ...(evidence.some(({ kind }) => kind === 'command') ? ['', `The commands are in ${findingFiles.commands}.`] : []),
    '',
    '## What is not known',
    '',
    ...formatUnknown(finding).map((line) => `- ${line}`),
  ].join('\n')}\n`;
}

/** A subject that fits in a line. */
function subject(summary: string): string {
  const line = summary.replace(/\s+/g, ' ').trim();
  return line.length <= 90 ? line : `${line.slice(0, 88)} …`;
}

function isInlining({ required }: FindingRecord): boolean {
  return required.some(({ symbol, value }) => symbol === 'RUST_INLINE_HELPERS' && value === 'y');
}

function formatEnvironment({ arch, tree, toolchain, targets }: FindingRecord): string[] {
  const tools = ['clang', 'ld.lld', 'rustc', 'bindgen', 'pahole', 'make'].flatMap((name) => (toolchain.tools[name] === undefined ? [] : [`- ${name}: ${toolchain.tools[name]}`]));
  return [`- tree: ${tree.spec}${tree.version === null ? '' : `, version ${tree.version}`}`, `- ARCH=${arch}, LLVM=1`, ...tools, ...(targets.length === 0 ? [] : [`- built: make ${targets.join(' ')}`])];
}

function formatConfiguration({ minimized, required, choices }: FindingRecord): string[] {
  if (minimized === null) {
    const values = Object.entries(choices).map(([axis, value]) => `${axis}=${value}`).join(' ');
    return [
      ...wrap(`Not made smaller: the whole configuration is the file ${findingFiles.config}. Of what was varied it has${values === '' ? ' what follows' : ` ${values}`}:`),
      '',
      ...indent(formatFragment(required.filter(({ value }) => value !== 'n').map(({ symbol, value }) => [symbol, value]))),
    ];
  }
  const { base, causes, isMinimal, isConfirmed } = minimized;
  const on = indent(formatFragment(base.map(({ symbol, value }) => [symbol, value])));
  if (causes.length === 0) return ['It shows with these, whether RUST_INLINE_HELPERS is set or not; all else has its default:', '', ...on];
  return [
    ...(isConfirmed ? ['It takes'] : ['It seems to take (two clean builds of it did not both show the failure)']),
    '',
    ...indent(formatFragment(causes.map(({ symbol, value }) => [symbol, value]))),
    '',
    isMinimal ? 'Without any one of these it is gone. They stand on this base, which alone does not show it; all else has its default:' : 'Not all of these are shown to be needed. They stand on this base; all else has its default:',
    '',
    ...on,
    '',
    `Both together are ${findingFiles.minimal}.`,
  ];
}

function formatHow({ symptoms, minimized, seed, passes, tree, space }: FindingRecord, command: string): string[] {
  const replay = formatRepro(command, { seed, passes, space: space.source });
  if (tree.kind === 'embedded') return ['The embedded miniature tree is built by kinfuzz alone:', '', `    ${replay}`];
  const shown = (minimized?.symptoms ?? symptoms).slice(0, 3);
  const hands = shown.flatMap((signs) => signs.flatMap((sign) => {
    const line = formatByHand(sign);
    return [`    # ${describeSign(sign)}`, ...(line === null ? [] : [`    ${line}`])];
  }));
  return [
    `    sh ${findingFiles.script} KERNEL-SOURCE`,
    '',
    ...(shown.length === 0 ? ['That builds it; no simple look tells the failure, so the script says nothing of it.'] : ['ends with 0 if it shows, with 1 if not. By hand, in the object tree:', '', ...hands]),
    '',
    'With kinfuzz, which builds it in a sandbox and judges it whole:',
    '',
    `    ${replay}`,
  ];
}

function formatUnknown({ arch, tree, minimized, resolution, passes }: FindingRecord): string[] {
  return [
    'Where in the source it comes from, and whether it does any harm: nobody has looked.',
    `Whether other architectures than ${arch} and other trees than ${tree.spec} show it, and since when: this is what one run saw.`,
    ...(passes.includes('twin') ? [] : ['Whether it is there with RUST_INLINE_HELPERS off too: no such build was made beside it.']),
    ...(minimized === null ? ['Which options it takes.'] : minimized.isMinimal ? [] : ['Whether all of the options named are needed.']),
    ...(resolution === 'certified' ? [] : ["Whether the kernel's own conf would give this configuration: it was not asked, or gave another one."]),
  ];
}

function indent(text: string): string[] {
  return text.trimEnd().split('\n').map((line) => `    ${line}`);
}

/** As mails are read. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 100) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
