import type { PlannedStep } from '../records.ts';
import { compileModuleRecord } from './c-steps.ts';
import { finishObject, linkerFlags } from './object-steps.ts';
import { isOn, type Setting, when } from './setting.ts';
import type { ModulePlan } from './units.ts';

/** Where the kernel would lie; code for x86's kernel model must be in the uppermost 2 GiB. */
const bases = { x86_64: '0xffffffff81000000', arm64: '0xffff800080000000', um: '0x60000000' } as const;

/**
 * Lists what an object defines as exports. The second column of llvm-nm's output is the kind of symbol; marks that
 * the compiler sets before functions are no functions.
 */
export function listExports(object: string, table: string): PlannedStep {
  const script = `llvm-nm -p --defined-only ${object} | awk '$2 ~ /^[TRDB]$/ && $3 !~ /__(pfx|cfi|odr_asan)/ { print "EXPORT_SYMBOL_RUST_GPL(" $3 ");" }' > ${table}`;
  return { target: table, role: 'exports', tool: 'llvm-nm', argv: ['sh', '-c', script], inputs: [object], outputs: [table] };
}

/**
 * Links what is built in, lets objtool see it where it has waited, and makes BTF. A symbol that is missing or there
 * twice does not end the build: the kernel's object-level targets, which this stands for, would not notice either.
 */
export function linkKernel(setting: Setting, objects: readonly string[]): PlannedStep[] {
  const target = 'vmlinux.o';
  const whole: PlannedStep = {
    target, role: 'other', tool: 'ld.lld', inputs: [...objects], outputs: [target],
    argv: ['ld.lld', ...linkerFlags(setting), '-r', '-z', 'muldefs', '-o', target, ...objects],
  };
  return [whole, ...finishObject(setting, { target, part: 'builtin', isSingle: false, isWhole: true }), ...linkImage(setting), ...encodeTypes(setting, 'vmlinux', [])];
}

function linkImage(setting: Setting): PlannedStep[] {
  const script = `${setting.source}/scripts/vmlinux.lds`;
  const argv = [
    'ld.lld', ...linkerFlags(setting), '-z', 'muldefs', '--unresolved-symbols=ignore-all', `--defsym=KERNEL_BASE=${bases[setting.arch]}`,
    '-T', script, '-o', 'vmlinux', 'vmlinux.o',
  ];
  return [{ target: 'vmlinux', role: 'other', tool: 'ld.lld', argv, inputs: ['vmlinux.o', script], outputs: ['vmlinux'] }];
}

/** Links a module: its objects into one, objtool over that, then the record that makes it loadable. */
export function linkModule(setting: Setting, module: ModulePlan): PlannedStep[] {
  const [only, ...others] = module.objects;
  const objects = module.objects.map(({ path }) => `${path}.o`);
  const target = `${module.path}.o`;
  const isComposite = others.length > 0 || only?.isSingle === false;
  const record = `${module.path}.mod.o`;
  const script = `${setting.source}/scripts/module.lds`;
  const file = `${module.path}.ko`;
  const compose: PlannedStep = {
    target, role: 'other', tool: 'ld.lld', argv: ['ld.lld', ...linkerFlags(setting), '-r', '-o', target, ...objects], inputs: objects, outputs: [target],
  };
  const final: PlannedStep = {
    target: file, role: 'other', tool: 'ld.lld', inputs: [target, record, script], outputs: [file],
    argv: ['ld.lld', '-r', ...linkerFlags(setting), '-T', script, '-o', file, target, record],
  };
  return [
    ...(isComposite ? [compose, ...finishObject(setting, { target, part: 'module', isSingle: false, isWhole: true })] : []),
    compileModuleRecord(setting, module),
    final,
    ...(isOn(setting, 'DEBUG_INFO_BTF_MODULES') ? encodeTypes(setting, file, ['--btf_base=vmlinux']) : []),
  ];
}

function encodeTypes(setting: Setting, file: string, more: readonly string[]): PlannedStep[] {
  if (!isOn(setting, 'DEBUG_INFO_BTF')) return [];
  const version = Number(setting.config['PAHOLE_VERSION'] ?? 0);
  const features = version >= 126
    ? ['--btf_features=encode_force,var,float,enum64,decl_tag,type_tag,optimized_func,consistent_func']
    : ['--btf_gen_floats', ...(version >= 125 ? ['--skip_encoding_btf_inconsistent_proto', '--btf_gen_optimized'] : [])];
  const argv = ['pahole', '-J', ...features, ...when(setting, 'PAHOLE_HAS_LANG_EXCLUDE', '--lang_exclude=rust'), ...more, file];
  const inputs = [file, ...(more.length > 0 ? ['vmlinux'] : [])];
  return [{ target: file, role: 'btf', tool: 'pahole', argv, inputs, outputs: [file], env: { LLVM_OBJCOPY: 'llvm-objcopy' } }];
}
