import type { Part, PlannedStep } from '../records.ts';
import { isLto, isObjtoolDelayed, isOn, type Setting, when } from './setting.ts';

/** What becomes of an object once it has been compiled. */
export type Finish = {
  target: string;
  part: Part;
  /** It alone makes a module. */
  isSingle: boolean;
  /** It is made of objects linked already: objtool is past its delay. */
  isWhole: boolean;
};

/** ELF where it is needed, then objtool: cmd_ld_single and cmd_objtool of scripts/Makefile.build. */
export function finishObject(setting: Setting, finish: Finish): PlannedStep[] {
  const { target } = finish;
  const hasObjtool = needsObjtool(setting, finish);
  const needsElf = isLto(setting) && !finish.isWhole && (hasObjtool || finish.isSingle);
  return [...(needsElf ? makeElf(setting, target) : []), ...(hasObjtool ? [checkObject(setting, finish)] : [])];
}

function needsObjtool(setting: Setting, { isSingle, isWhole }: Finish): boolean {
  if (setting.arch !== 'x86_64' || !setting.hasObjtool || !isOn(setting, 'OBJTOOL')) return false;
  return isObjtoolDelayed(setting) ? isSingle || isWhole : !isWhole;
}

function makeElf(setting: Setting, target: string): PlannedStep[] {
  const slash = target.lastIndexOf('/') + 1;
  const temporary = `${target.slice(0, slash)}.tmp_${target.slice(slash)}`;
  return [
    { target, role: 'to-elf', tool: 'ld.lld', argv: ['ld.lld', ...linkerFlags(setting), '-r', '-o', temporary, target], inputs: [target], outputs: [temporary] },
    { target, role: 'to-elf', tool: 'mv', argv: ['mv', temporary, target], inputs: [temporary], outputs: [target] },
  ];
}

/** Options that objtool of Linux 6.12 and later knows. */
function checkObject(setting: Setting, { target, part }: Finish): PlannedStep {
  const argv = [
    'objtool',
    ...when(setting, 'HAVE_JUMP_LABEL_HACK', '--hacks=jump_label'),
    ...when(setting, 'HAVE_NOINSTR_HACK', '--hacks=noinstr'),
    ...when(setting, 'MITIGATION_CALL_DEPTH_TRACKING', '--hacks=skylake'),
    ...when(setting, 'X86_KERNEL_IBT', '--ibt'),
    ...when(setting, 'CALL_PADDING', `--prefix=${setting.config['FUNCTION_PADDING_BYTES'] ?? '0'}`),
    ...(isOn(setting, 'CALL_PADDING') ? when(setting, 'CFI', '--cfi') : []),
    ...when(setting, 'FTRACE_MCOUNT_USE_OBJTOOL', '--mcount', '--mnop'),
    ...when(setting, 'UNWINDER_ORC', '--orc'),
    ...when(setting, 'MITIGATION_RETPOLINE', '--retpoline'),
    ...when(setting, 'MITIGATION_RETHUNK', '--rethunk'),
    ...when(setting, 'MITIGATION_SLS', '--sls'),
    ...when(setting, 'STACK_VALIDATION', '--stackval'),
    ...when(setting, 'HAVE_STATIC_CALL_INLINE', '--static-call'),
    ...when(setting, 'HAVE_UACCESS_VALIDATION', '--uaccess'),
    ...(isObjtoolDelayed(setting) ? ['--link'] : []),
    ...(part === 'module' ? ['--module'] : []),
    target,
  ];
  return { target, role: 'check', tool: 'objtool', argv, inputs: [target], outputs: [target], env: { SRCARCH: 'x86' } };
}

/** The kernel's KBUILD_LDFLAGS. */
export function linkerFlags(setting: Setting): string[] {
  return [
    '-m', setting.arch === 'arm64' ? 'aarch64elf' : 'elf_x86_64',
    ...(isLto(setting) ? ['-mllvm', '-import-instr-limit=5'] : []),
    '-z', 'noexecstack',
  ];
}
