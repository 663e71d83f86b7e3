import { basename } from 'node:path';
import type { Role, Step } from '../records.ts';
import { type CmdFile, normalizePath, parseShellLine, type SimpleCommand } from './cmd-file.ts';

/** The steps that one `.cmd` file recorded, in order. All were executed: kbuild writes the file after success only. */
export function readSteps(file: CmdFile, objtree: string): Omit<Step, 'index'>[] {
  const steps = parseShellLine(file.command).map((command) => readStep(command, file.target, objtree));
  return steps.map((step) => ({ ...step, target: normalizePath(file.target, objtree), exit: 0 }));
}

/**
 * pahole's commands, which no `.cmd` file records: scripts/gen-btf.sh runs it, and under `V=1` its shell tells so on
 * standard error. What it reads for the kernel is a first link that does not stay.
 */
export function readTracedSteps(log: string, objtree: string): Omit<Step, 'index'>[] {
  const lines = log.split('\n').filter((line) => /^\+ (?:\S*\/)?pahole(?:-\d+)? .*-J/.test(line));
  return lines.flatMap((line) => {
    const file = normalizePath(line.trimEnd().split(' ').at(-1) ?? '', objtree);
    return readSteps({ target: /^\.tmp_vmlinux\d+$/.test(file) ? 'vmlinux' : file, command: line.slice(2), options: [] }, objtree);
  });
}

function readStep({ argv, redirects }: SimpleCommand, target: string, objtree: string): Omit<Step, 'index' | 'exit'> {
  const tool = nameTool(argv[0] ?? '');
  const outputs = [...findOutputs(tool, argv), ...redirects];
  const inputs = findInputs(tool, argv).filter((path) => !outputs.includes(path));
  return {
    target,
    role: roleOf(tool, argv, target),
    tool,
    argv,
    inputs: inputs.map((path) => normalizePath(path, objtree)),
    outputs: outputs.map((path) => normalizePath(path, objtree)),
  };
}

/** `/usr/bin/clang-22` is clang; ccache and clippy-driver stand before or for the compiler itself. */
export function nameTool(file: string): string {
  const name = basename(file).replace(/-\d+$/, '');
  return name === 'clippy-driver' ? 'rustc' : name;
}

function roleOf(tool: string, argv: readonly string[], target: string): Role {
  switch (tool) {
    case 'clang':
      if (argv.includes('-emit-llvm') && /(?:^|\/)helpers(?:_module)?\.bc$/.test(target)) return 'helpers';
      // Whatever linked bitcode is called; ThinLTO's summaries (`-fthinlto-index=X.o.thinlto.bc`) are options.
      return argv.includes('-c') && argv.some((word, index) => /^[^-].*\.bc$/.test(word) && argv[index - 1] !== '-o') ? 'codegen' : 'other';
    case 'rustc':
      return argv.some((word) => /^--emit=(?:obj|llvm-bc)=/.test(word)) && target.endsWith('.o') ? 'crate' : 'other';
    case 'llvm-link':
      return 'link';
    case 'ld.lld':
      // The links of the kernel and of modules gather objects; they are not about one.
      return argv.includes('-r') && target !== 'vmlinux.o' && !target.endsWith('.ko') ? 'to-elf' : 'other';
    case 'llvm-objcopy':
      return 'objcopy';
    case 'objtool':
      return 'check';
    case 'pahole':
      return 'btf';
    case 'modpost':
      return 'modpost';
    case 'llvm-nm':
      return /exports_\w+_generated\.h$/.test(target) ? 'exports' : 'other';
    default:
      return 'other';
  }
}

function findOutputs(tool: string, argv: readonly string[]): string[] {
  const outputs = argv.flatMap((word, index) => (argv[index - 1] === '-o' ? [word] : []));
  if (tool === 'pahole') outputs.push(...argv.flatMap((word) => /^--btf_encode_detached=(.+)$/.exec(word)?.[1] ?? []));
  if (tool === 'rustc') outputs.push(...argv.flatMap((word) => /^--emit=[a-z-]+=(.+)$/.exec(word)?.[1] ?? []));
  if (tool === 'mv' || tool === 'cp') outputs.push(...argv.slice(-1));
  return outputs;
}

function findInputs(tool: string, argv: readonly string[]): string[] {
  const pattern = tool === 'rustc' ? /\.rs$/ : /\.(?:c|S|s|o|a|bc|ll|rs|h)$/;
  const files = argv.slice(1).filter((word) => !word.startsWith('-') && pattern.test(word));
  if (tool === 'pahole') return argv.slice(-1);
  return tool === 'objtool' || tool === 'llvm-objcopy' ? files.slice(-1) : files;
}
