import { beforeAll, describe, expect, test } from 'vitest';
import { judgeOne } from '../../src/campaign/gate.ts';
import type { GateFinding } from '../../src/verdict/records.ts';
import { formatGates } from '../../src/report/gate.ts';
import { Resolver } from '../../src/kconfig/resolver.ts';
import { isMet } from '../../src/space/gates.ts';
import { type Proof, proveGates } from '../../src/space/proofs.ts';
import { listRequests, type Request } from '../../src/space/requests.ts';
import { loadZ3 } from '../../src/space/solver.ts';
import type { ModelDrawer } from '../../src/sampler/sampler.ts';
import { parseSeed } from '../../src/sampler/seed.ts';
import { tinySampler } from '../sampler/tiny-space.ts';
import { freshJudge, gateAnswers, gateKconfig, gateSpace, type GateRun, runTiny, tinyPlace } from './tiny-gates.ts';

/** Changes one thing in the tiny tree; what is searched for must be there. */
function mutate(from: string, to: string, text = gateKconfig): string {
  expect(text).toContain(from);
  return text.replace(from, to);
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

describe('a healthy tree', () => {
  let run: GateRun;
  beforeAll(async () => {
    run = await runTiny();
  });

  test('is as the space says, by proof and by candidate', () => {
    const { report: { findings, faults, proofs, counts }, kept } = run;
    expect({ findings, faults, kept }).toEqual({ findings: [], faults: [], kept: [] });
    expect(proofs).toMatchObject({ refuted: 0, idle: 0 });
    expect(Object.values(counts).reduce((sum, { open, shut }) => sum + open + shut, 0)).toBe(400);
    expect(counts.um).toMatchObject({ open: 0, wrong: 0 });
    for (const arch of ['x86_64', 'arm64'] as const) expect(counts[arch]?.open).toBeGreaterThan(20);
  });

  test('has every rule broken alone by some claim, and every other value shown to be fine', () => {
    const shut = run.proofs.filter(({ kind }) => kind === 'shut');
    const rules = new Set(run.loaded.space.gates?.['HELPERS']);
    expect(new Set(shut.flatMap((proof) => proof.rules))).toEqual(rules);
    const open = run.proofs.filter(({ kind, arch, simulated }) => kind === 'open' && arch === 'arm64' && simulated['tools'] === 'same').map(({ choices }) => choices);
    expect(open).toEqual([{ expert: 'on' }, { rust: 'on' }, { shuffle: 'off' }, { btf: 'off' }, { btf: 'on' }, { lto: 'off' }, { lto: 'on' }]);
  });

  test('gives the same report a second time', async () => {
    expect((await runTiny()).report).toEqual(run.report);
  });
});

const mutants: [what: string, kconfig: string, seen: { summary: RegExp; at: string | null; arches: string[] }][] = [
  ['UML let in', mutate('\tdepends on !UML\n', ''), { summary: /can be y on um, though it needs arch=x86_64\|arm64/, at: 'config HELPERS', arches: ['um'] }],
  ['EXPERT dropped', mutate('\tdepends on EXPERT\n', ''), { summary: /can be y on \w+, though it needs expert=on/, at: 'config HELPERS', arches: ['x86_64', 'arm64'] }],
  ['the architectures dropped', mutate('\tdepends on ARM64 || X86_64\n', ''), { summary: /can be y on riscv, though it needs machine=own/, at: 'config HELPERS', arches: ['x86_64'] }],
  ['a dependency of RUST dropped', mutate('\tdepends on !SHUFFLE\n', ''), { summary: /though it needs shuffle=off/, at: 'config RUST', arches: ['x86_64', 'arm64'] }],
  ['a condition of two dropped', mutate('\tdepends on !BTF || !LTO\n', ''), { summary: /though it rules out btf=on with lto=on/, at: 'config RUST', arches: ['x86_64', 'arm64'] }],
  ['versions not compared', mutate('RUST && COMPATIBLE', 'RUST'), { summary: /though it rules out tools=older/, at: 'config HELPERS', arches: ['x86_64', 'arm64'] }],
  ['a dependency gained', mutate('\tdepends on !UML\n', '\tdepends on !UML\n\tdepends on !EXTRA_A\n'), { summary: /HELPERS cannot be y on \w+, .*: HELPERS depends on !EXTRA_A \[=y\]/, at: '\tdepends on !EXTRA_A', arches: ['x86_64', 'arm64'] }],
  ['a dependency gained by RUST', mutate('\tdepends on !SHUFFLE\n', '\tdepends on !SHUFFLE\n\tdepends on EXTRA_C\n'), { summary: /: RUST depends on EXTRA_C \[=n\]/, at: '\tdepends on EXTRA_C', arches: ['x86_64', 'arm64'] }],
  ['a block gained', mutate('menu "rust"', 'menu "rust"\n\tdepends on EXTRA_B = y'), { summary: /RUST depends on EXTRA_B/, at: '\tdepends on EXTRA_B', arches: ['x86_64', 'arm64'] }],
  ['one architecture lost', mutate('ARM64 || X86_64', 'X86_64'), { summary: /cannot be y on arm64, .*depends on X86_64/, at: '\tdepends on X86_64', arches: ['arm64'] }],
  ['the prompt lost', mutate('bool "helpers"', 'bool'), { summary: /asked for in vain/, at: 'config HELPERS', arches: ['x86_64', 'arm64'] }],
  ['the symbol lost', mutate('config HELPERS', 'config HELPER'), { summary: /asked for in vain/, at: null, arches: ['x86_64', 'arm64'] }],
];

describe('a tree that was changed is caught', () => {
  test.each(mutants)('%s', async (_, kconfig, { summary, at, arches }) => {
    const { report, kept, proofs } = await runTiny({ kconfig });
    expect(report.findings.map((found) => found.summary)).toEqual([expect.stringMatching(summary)]);
    const [finding] = report.findings as [GateFinding];
    expect(finding.signature).toMatch(/^gating\/[0-9a-f]{8}$/);
    expect([...finding.arches].sort()).toEqual([...arches].sort());
    expect(finding.evidence.map(({ text }) => text).join('\n')).toContain(at === null ? 'no Kconfig file of this architecture defines it' : `Kconfig:${lineOf(kconfig, at)}: `);
    // Both ways see it, and the candidates' way leaves a line that replays it.
    expect(proofs.some(({ result }) => result === 'refuted')).toBe(true);
    expect(finding.candidates).toBeGreaterThan(0);
    expect(kept.some(({ seed, failures }) => seed === finding.seed && failures.some(({ signature }) => signature === finding.signature))).toBe(true);
    expect(report.faults).toEqual([]);
  });

  test('each under its own signature', async () => {
    const found = await Promise.all(mutants.slice(0, 10).map(async ([what, kconfig]) => `${what}: ${(await runTiny({ kconfig, runs: 0 })).report.findings.map(({ signature }) => signature)}`));
    expect(new Set(found.map((line) => line.split(': ')[1])).size).toBe(10);
    expect(found).toMatchSnapshot();
  });

  test('one selected from elsewhere names who selects it', async () => {
    const kconfig = mutate('bool "c"\n', 'bool "c"\n\tselect HELPERS\n');
    const { report } = await runTiny({ kconfig });
    const text = report.findings.flatMap(({ evidence }) => evidence.map((piece) => piece.text)).join('\n');
    expect(text).toContain(`Kconfig:${lineOf(kconfig, '\tselect HELPERS')}: selected by EXTRA_C [=y]`);
    expect(report.findings.some(({ summary }) => /though it needs arch/.test(summary))).toBe(true);
  });
});

describe('what is reported', () => {
  test('as text', async () => {
    const { report } = await runTiny({ kconfig: mutate('\tdepends on !SHUFFLE\n', '\tdepends on !SHUFFLE\n\tdepends on !EXTRA_A\n'), runs: 60 });
    expect(formatGates(report, 'kinfuzz', 'kinfuzz fuzz').replaceAll(/_tiny\S+/g, '_tiny…')).toMatchSnapshot();
  });

  test('is certified, unless answers are simulated, and says so', async () => {
    const asked: string[] = [];
    const { sampler } = await tinySampler(gateSpace, mutate('\tdepends on EXPERT\n', ''), gateAnswers);
    const judge = freshJudge(sampler);
    const { report: { findings: [finding] } } = await runTiny({ kconfig: mutate('\tdepends on EXPERT\n', ''), judge: (arch, fragment) => (asked.push(arch), judge(arch, fragment)) });
    expect(finding).toMatchObject({ isCertified: true });
    expect(finding?.evidence.at(-1)?.text).toMatch(/^certified/);
    // Once for the claim, once for the candidate.
    expect(asked).toHaveLength(2);
    const { report: { findings: [other] } } = await runTiny({ kconfig: mutate('RUST && COMPATIBLE', 'RUST') });
    expect(other).toMatchObject({ isCertified: false });
    expect(other?.evidence.at(-1)?.text).toMatch(/^not certified: .*simulated \(tools=older machine=own\)/);
  });

  test('is no finding where conf says otherwise', async () => {
    const { report, verdicts } = await runTiny({ kconfig: mutate('\tdepends on !UML\n', ''), judge: () => Promise.resolve('# another\n') });
    expect(report.findings).toEqual([]);
    expect(report.faults[0]).toMatchObject({ arch: 'um', code: 'FRONT_END_MISMATCH' });
    expect(report.faults.length).toBeLessThan(5);
    expect(verdicts[0]).toMatchObject({ verdict: 'infra-error', resolution: 'front-end-mismatch', failures: [] });
  });

  test('is had again from its seed', async () => {
    const { report: { findings: [finding] }, kept, sampler, loaded } = await runTiny({ kconfig: mutate('\tdepends on !SHUFFLE\n', '') });
    const { runSeed, index } = parseSeed(finding?.seed ?? '');
    const place = { ...tinyPlace, sampler, loaded, judge: freshJudge(sampler), signal: new AbortController().signal };
    expect((await judgeOne(place, sampler.candidate(runSeed, index))).verdict).toEqual(kept.find(({ seed }) => seed === finding?.seed));
    const passing = Array.from({ length: 50 }, (_, at) => sampler.candidate(runSeed, at)).find(({ choices }) => choices['shuffle'] === 'off');
    if (!passing) throw new Error('every candidate is shuffled');
    expect((await judgeOne(place, passing)).verdict).toMatchObject({ verdict: 'passed', failures: [] });
  });
});

describe('claims', () => {
  const symbols = ['MODULES', 'EXPERT', 'SHUFFLE', 'BTF', 'LTO', 'EXTRA_A', 'EXTRA_B', 'EXTRA_C', 'RUST', 'HELPERS'];

  /** Every configuration of the tiny tree: each prompt asked for with each of its values, or left alone. */
  function* allRequests(left: readonly string[] = symbols): Generator<Request[]> {
    const [symbol, ...others] = left;
    if (symbol === undefined) {
      yield [];
      return;
    }
    for (const rest of allRequests(others)) for (const value of ['y', 'n', null]) yield value === null ? rest : [{ symbol, value, from: 'all' }, ...rest];
  }

  /** Whether all configurations bear a claim out, as the evaluator sees them. */
  function holds({ kind, arch, choices, symbol }: Proof, { variant, drawer }: ModelDrawer, configs: readonly Request[][]): boolean {
    const { resolver, model } = drawer.possibilities;
    const rules = variant.space.gates?.[symbol] ?? [];
    const { requests } = listRequests(variant.space, arch, choices);
    return configs.every((config) => {
      resolver.check([], config);
      const evaluation = resolver.checked();
      const value = (name: string) => {
        const id = model.names.get(name) ?? 0;
        evaluation.calculate(id);
        return evaluation.valueOf(id);
      };
      if (kind === 'shut') return value(symbol) === 'n' || requests.some((request) => value(request.symbol) !== request.value);
      const asks = (name: string) => config.some((request) => request.symbol === name && request.value === 'y');
      const met: Record<string, string> = { ...variant.choices, expert: value('EXPERT') === 'y' ? 'on' : 'off', rust: asks('RUST') ? 'on' : 'off' };
      for (const axis of ['shuffle', 'btf', 'lto']) met[axis] = value(axis.toUpperCase()) === 'y' ? 'on' : 'off';
      return value(symbol) === 'y' || !asks(symbol) || !rules.every((rule) => isMet(rule, arch, met));
    });
  }

  test.each([['healthy', gateKconfig] as const, ...mutants.filter((_, at) => [0, 4, 6, 8].includes(at)).map(([what, kconfig]) => [what, kconfig] as const)])('are proven where all configurations bear them out, and refuted where one does not: %s', async (_, kconfig) => {
    const z3 = await loadZ3();
    const { sampler } = await tinySampler(gateSpace, kconfig, gateAnswers);
    const free = [...allRequests(symbols.filter((name) => !['MODULES', 'EXTRA_B'].includes(name)))];
    const configs = kconfig.includes('EXTRA_B =') ? [...allRequests(symbols.filter((name) => !['MODULES', 'EXTRA_A'].includes(name)))] : free;
    for (const model of [...sampler.models.values()].flat().filter(({ variant }) => variant.choices['tools'] === 'same' || variant.kernel === 'arm64')) {
      for (const proof of proveGates(z3, model.drawer.possibilities, model.variant.choices)) {
        if (proof.kind === 'open') continue;
        expect({ ...proof, holds: proof.result !== 'refuted' }).toEqual({ ...proof, holds: holds(proof, model, configs) });
      }
    }
  });

  test('come with a configuration where they are refuted, which a fresh evaluation confirms', async () => {
    const z3 = await loadZ3();
    const { sampler } = await tinySampler(gateSpace, mutate('\tdepends on !UML\n', '\tdepends on EXTRA_A\n'), gateAnswers);
    let count = 0;
    for (const { variant, drawer } of [...sampler.models.values()].flat()) {
      for (const { witness, kind, symbol } of proveGates(z3, drawer.possibilities, variant.choices)) {
        if (witness === null) continue;
        count += 1;
        const resolver = new Resolver(drawer.possibilities.model);
        for (const { symbol: name, value } of [...witness.requested, ...witness.wished, ...witness.fill]) resolver.set(name, value);
        expect(resolver.value(symbol)).toBe(kind === 'shut' ? 'y' : 'n');
        for (const { symbol: name, value } of witness.requested) expect(resolver.value(name)).toBe(value);
      }
    }
    // UML is let in, and each of the others is refused for EXTRA_A's sake.
    expect(count).toBe(3);
  });
});
