import { describe, expect, it } from 'vitest';
import { runConfIn } from './run-conf.ts';
import { settingsOf } from './tiny.ts';

const Kconfig = `mainmenu "Test"
config MODULES
	bool "modules"
	modules
config A
	bool "a"
	default y
config T
	tristate "t"
	depends on A
config N
	int "n"
	range 1 9
	default 3
	help
	  How many.
config H
	hex
	default 0xFF
config S
	string "s"
	default "a\\"b"
`;
const tool = (argv: string[], files = {}, more = {}) => runConfIn({ Kconfig, ...files }, [...argv, 'Kconfig'], more);
const head = '#\n# Automatically generated file; DO NOT EDIT.\n# Test\n#\n';

describe('conf', () => {
  it.each([
    ['--alldefconfig', ['# CONFIG_MODULES is not set', 'CONFIG_A=y', '# CONFIG_T is not set', 'CONFIG_N=3', 'CONFIG_H=0xFF', 'CONFIG_S="a\\"b"']],
    ['--allyesconfig', ['CONFIG_MODULES=y', 'CONFIG_A=y', 'CONFIG_T=y', 'CONFIG_N=3', 'CONFIG_H=0xFF', 'CONFIG_S="a\\"b"']],
    ['--allmodconfig', ['CONFIG_MODULES=y', 'CONFIG_A=y', 'CONFIG_T=m', 'CONFIG_N=3', 'CONFIG_H=0xFF', 'CONFIG_S="a\\"b"']],
    ['--allnoconfig', ['# CONFIG_MODULES is not set', '# CONFIG_A is not set', 'CONFIG_N=3', 'CONFIG_H=0xFF', 'CONFIG_S="a\\"b"']],
  ])('%s', async (mode, expected) => {
    const { code, stdout, files } = await tool([mode]);
    expect([code, stdout, settingsOf(files['.config'] ?? '')]).toEqual([0, '#\n# configuration written to .config\n#\n', expected]);
  });

  it('keeps the old file, and says when there is nothing to change', async () => {
    const first = await tool(['--olddefconfig'], { '.config': 'CONFIG_N=4\n' });
    expect(first.files['.config.old']).toBe('CONFIG_N=4\n');
    const again = await tool(['--olddefconfig'], first.files);
    expect([again.stdout, again.files['.config']]).toEqual(['#\n# No change to .config\n#\n', first.files['.config']]);
  });

  it('writes what a build reads', async () => {
    const { files, code, stdout } = await tool(['--syncconfig'], { '.config': 'CONFIG_MODULES=y\nCONFIG_A=y\nCONFIG_T=m\nCONFIG_N=3\nCONFIG_S="q"\n' });
    expect([code, stdout]).toEqual([0, '']);
    const lines = (text: string | undefined) => (text ?? '').split('\n').slice(4).sort().filter(Boolean);
    expect(lines(files['include/config/auto.conf'])).toEqual(['CONFIG_A=y', 'CONFIG_H=0xFF', 'CONFIG_MODULES=y', 'CONFIG_N=3', 'CONFIG_S=q', 'CONFIG_T=m']);
    expect(lines(files['include/generated/autoconf.h'])).toEqual(['#define CONFIG_A 1', '#define CONFIG_H 0xFF', '#define CONFIG_MODULES 1', '#define CONFIG_N 3', '#define CONFIG_S "q"', '#define CONFIG_T_MODULE 1']);
    expect((files['include/generated/rustc_cfg'] ?? '').split('\n').sort().filter(Boolean)).toEqual([
      '--cfg=CONFIG_A', '--cfg=CONFIG_A="y"', '--cfg=CONFIG_H="0xFF"', '--cfg=CONFIG_MODULES', '--cfg=CONFIG_MODULES="y"', '--cfg=CONFIG_N="3"',
      '--cfg=CONFIG_S="q"', '--cfg=CONFIG_T', '--cfg=CONFIG_T="m"',
    ]);
    expect(files['include/config/auto.conf.cmd']).toBe(
      'autoconfig := include/config/auto.conf\n\ndeps_config := \\\n\tKconfig \\\n\n$(autoconfig): $(deps_config)\n$(deps_config): ;\n',
    );
    expect(Object.keys(files).filter((name) => /include\/config\/[A-Z]+$/.test(name))).toHaveLength(6);
  });

  it('touches only what changed', async () => {
    const before = await tool(['--syncconfig'], { '.config': 'CONFIG_A=y\nCONFIG_N=3\nCONFIG_S="q"\n# CONFIG_MODULES is not set\n# CONFIG_T is not set\n' });
    const kept = Object.fromEntries(Object.entries(before.files).filter(([name]) => !/include\/config\/[A-Z]+$/.test(name)));
    const { files } = await tool(['--syncconfig'], { ...kept, '.config': 'CONFIG_A=y\nCONFIG_N=4\nCONFIG_S="q"\n# CONFIG_MODULES is not set\n# CONFIG_T is not set\n' });
    expect(Object.keys(files).filter((name) => /include\/config\/[A-Z]+$/.test(name))).toEqual(['include/config/N']);
  });

  it('asks, and takes answers', async () => {
    const { stdout, files } = await tool(['--oldconfig'], { '.config': 'CONFIG_A=y\n' }, { input: 'y\nm\n?\n99\n5\n\n' });
    expect(stdout).toContain('modules (MODULES) [N/y/?] (NEW) y\na (A) [Y/n/?] y\n  t (T) [N/m/y/?] (NEW) m\nn (N) [3] (NEW) ?\n\nCONFIG_N:\n\nHow many.\n');
    expect(settingsOf(files['.config'] ?? '')).toEqual(['CONFIG_MODULES=y', 'CONFIG_A=y', 'CONFIG_T=m', 'CONFIG_N=5', 'CONFIG_H=0xFF', 'CONFIG_S="a\\"b"']);
  });

  it('lists what is new, saves what is not default, rewrites tristates', async () => {
    expect((await tool(['--listnewconfig'], { '.config': 'CONFIG_A=y\nCONFIG_N=2\n' })).stdout).toBe('CONFIG_MODULES=n\nCONFIG_T=n\nCONFIG_S="a\\"b"\n');
    expect((await tool(['--savedefconfig=min'], { '.config': 'CONFIG_A=y\nCONFIG_N=2\nCONFIG_T=y\n' })).files['min']).toBe('CONFIG_T=y\nCONFIG_N=2\n');
    const base = { '.config': 'CONFIG_MODULES=y\nCONFIG_T=y\n' };
    expect(settingsOf((await tool(['--yes2modconfig'], base)).files['.config'] ?? '')).toContain('CONFIG_T=m');
  });

  it('reads its environment', async () => {
    const environment = { KCONFIG_CONFIG: 'sub/my.config', KCONFIG_ALLCONFIG: 'seed', CONFIG_: 'X_' };
    const { files } = await tool(['--allnoconfig'], { seed: 'X_A=y\nX_N=7\n' }, { environment });
    expect(files['sub/my.config']).toBe(`${head}# X_MODULES is not set\nX_A=y\n# X_T is not set\nX_N=7\nX_H=0xFF\nX_S="a\\"b"\n`);
    const strict = await tool(['--olddefconfig'], { '.config': 'CONFIG_NOPE=y\n' }, { environment: { KCONFIG_WERROR: '1', KCONFIG_WARN_UNKNOWN_SYMBOLS: '1' } });
    expect([strict.code, strict.stderr]).toEqual([1, '.config:1:warning: unknown symbol: NOPE\n']);
    const seeded = await tool(['--randconfig'], {}, { environment: { KCONFIG_SEED: '0x7f', KCONFIG_PROBABILITY: '0' } });
    expect(seeded.stdout).toBe('KCONFIG_SEED=0x7F\n#\n# configuration written to .config\n#\n');
  });

  it.each([
    [['--olddefconfig'], 1, 'conf: Kconfig file missing\n'],
    [['--bogus', '--alldefconfig', 'Kconfig'], 0, "conf: unrecognized option '--bogus'\n"],
    [['--defconfig', 'none', 'Kconfig'], 1, '***\n*** Can\'t find default configuration "none"!\n***\n'],
    [['--alldefconfig', 'none'], 1, "can't find file none\n"],
    [['--alldef', 'Kconfig'], 0, ''],
  ])('%j exits with %i', async (argv, expected, complaint) => {
    const { code, stderr } = await runConfIn({ Kconfig }, argv);
    expect([code, stderr]).toEqual([expected, complaint]);
  });

  it('runs probes, in rounds, each once', async () => {
    const text = 'a := $(shell,echo run >>log; echo y)\nb := $(shell,test $(a) = y && echo $(a))\nconfig A\n\tdef_bool $(b)\n$(info,$(shell,echo run >>log; echo y))\n';
    const { files, stdout } = await runConfIn({ Kconfig: text }, ['-s', '--alldefconfig', 'Kconfig']);
    expect([files['log'], stdout, settingsOf(files['.config'] ?? '')]).toEqual(['run\n', 'y\n', ['CONFIG_A=y']]);
  });
});

it('stops where input ends and conf would ask for ever', async () => {
  const text = 'choice\n\tprompt "c"\nendchoice\nconfig S\n\tint "s"\n\tdefault "x"\n';
  expect((await runConfIn({ Kconfig: text }, ['--oldconfig', 'Kconfig'], { input: '?\n' })).code).toBe(1);
});
