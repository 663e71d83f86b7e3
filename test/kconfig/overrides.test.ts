import { expect, test } from 'vitest';
import { KeptOutput } from '../../src/kconfig/output.ts';
import { findProbe, noOverrides } from '../../src/kconfig/overrides.ts';
import { parseWithProbes, type ProbeAnswers } from '../../src/kconfig/probes.ts';
import { Resolver } from '../../src/kconfig/resolver.ts';

const kconfig = `version := $(shell,tool --version)
config VERSION
	int
	default $(version)
config MAJOR
	int
	default $(shell,expr $(version) / 10)
config OTHER
	def_bool $(shell,other)
`;

/** Runs what it is asked as a shell would; keeps what that was. */
function shell(asked: string[]) {
  const printed = new Map([['tool --version', '22\n'], ['expr 22 / 10', '2\n'], ['expr 31 / 10', '3\n'], ['other', 'y\n']]);
  return (commands: readonly string[]) => {
    asked.push(...commands);
    return Promise.resolve(commands.map((command) => ({ stdout: printed.get(command) ?? 'unknown\n', stderr: '' })));
  };
}

async function parse(answers: ProbeAnswers, replace?: (command: string) => string | null): Promise<{ values: string[]; asked: string[] }> {
  const asked: string[] = [];
  const input = { root: 'Kconfig', reader: (name: string) => (name === 'Kconfig' ? kconfig : null), environment: {}, output: new KeptOutput() };
  const resolver = new Resolver(await parseWithProbes(input, answers, shell(asked), replace));
  return { values: ['VERSION', 'MAJOR', 'OTHER'].map((name) => resolver.value(name)), asked };
}

test('an answer that stands in for a probe is never kept, and what follows from it is asked for as usual', async () => {
  const answers: ProbeAnswers = new Map();
  expect((await parse(answers)).values).toEqual(['22', '2', 'y']);
  const before = new Map(answers);
  const overrides = { ...noOverrides, probes: { tool: '31' } };
  const { values, asked } = await parse(answers, (command) => findProbe(overrides, command)?.stdout ?? null);
  expect(values).toEqual(['31', '3', 'y']);
  expect(asked).toEqual(['expr 31 / 10']);
  // Known answers are as they were; the new one is true of any toolchain.
  expect(new Map([...answers].filter(([command]) => before.has(command)))).toEqual(before);
  expect([...answers.keys()].filter((command) => !before.has(command))).toEqual(['expr 31 / 10']);
  expect((await parse(answers)).values).toEqual(['22', '2', 'y']);
});

test('a probe that stands in is not run even where nothing is known', async () => {
  const answers: ProbeAnswers = new Map();
  const { values, asked } = await parse(answers, (command) => (command.includes('tool') ? '31\n' : null));
  expect(values).toEqual(['31', '3', 'y']);
  expect(asked.sort()).toEqual(['expr 31 / 10', 'other']);
  expect(answers.has('tool --version')).toBe(false);
});

test('the first text that a command contains counts', () => {
  const overrides = { ...noOverrides, probes: { '--version': 'first', tool: 'second' } };
  expect(findProbe(overrides, 'tool --version')).toEqual({ text: '--version', stdout: 'first\n' });
  expect(findProbe(overrides, 'tool')).toEqual({ text: 'tool', stdout: 'second\n' });
  expect(findProbe(overrides, 'other')).toBeNull();
});
