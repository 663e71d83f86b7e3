import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareNights, decideNight, isOpen, type NightFinding, type Replay } from '../../src/verdict/night.ts';
import type { Verdict } from '../../src/verdict/records.ts';
import { makeVerdict } from '../support/verdict.ts';

const arches = ['x86_64', 'arm64'] as const;
const signatures = ['builds:00000001', 'module-variant:00000002', 'tidy:00000003'];
const fail = (signature: string) => ({ property: signature.split(':')[0] ?? '', signature, summary: 'it fails', evidence: [] });

const verdicts: fc.Arbitrary<Verdict[]> = fc.array(fc.record({ arch: fc.constantFrom(...arches), failed: fc.subarray(signatures), known: fc.subarray(signatures), fault: fc.boolean() }), { maxLength: 6 }).map((all) => all.map(({ arch, failed, known, fault }, index) => makeVerdict({
  index, arch, config: `config-${arch}`,
  ...(fault ? { verdict: 'infra-error' } : { verdict: failed.length > 0 ? 'failed' : 'passed', failures: failed.map(fail), known: known.filter((signature) => !failed.includes(signature)).map((signature) => ({ ...fail(signature), issue: 'known' })) }),
})));
const replays: fc.Arbitrary<Replay[]> = fc.subarray(signatures.flatMap((signature) => arches.map((arch) => ({ signature, arch })))).chain((asked) => fc.tuple(...asked.map((one): fc.Arbitrary<Replay> => fc.oneof(
  fc.constant({ ...one, kind: 'impossible' as const, why: 'n' }),
  fc.constant({ ...one, kind: 'unjudged' as const, why: 'TIME_LIMIT' }),
  fc.record({ changed: fc.subarray(['FOO', 'BAR']), others: fc.subarray(signatures.filter((signature) => signature !== one.signature)) }).map(({ changed, others }) => ({ ...one, kind: 'judged' as const, changed, verdict: { verdict: others.length > 0 ? 'failed' as const : 'passed' as const, failures: others.map(fail), known: [] } })),
))));
/** What a night leaves, by way of nights. */
const nights = fc.array(fc.record({ verdicts, replays, remembered: fc.subarray(signatures) }), { minLength: 1, maxLength: 6 });
const follow = (all: readonly { verdicts: Verdict[]; replays: Replay[]; remembered: string[] }[]): NightFinding[][] => {
  let before: NightFinding[] = [];
  return all.map((night, index) => (before = compareNights(`night-${index}`, { before, ...night })));
};
const seenIn = (all: readonly Verdict[]) => new Set(all.flatMap(({ failures }) => failures.map(({ signature }) => signature)));

describe('two nights', () => {
  test('name each failure of either once', () => {
    fc.assert(fc.property(nights, (all) => {
      for (const [index, findings] of follow(all).entries()) {
        const before = index === 0 ? [] : (follow(all)[index - 1] ?? []).filter(isOpen);
        const expected = new Set([...before.map(({ signature }) => signature), ...seenIn(all[index]?.verdicts ?? [])]);
        expect(findings.map(({ signature }) => signature).sort()).toEqual([...expected].sort());
      }
    }));
  });

  test('call new what is seen and neither night nor case knew, and nothing else', () => {
    fc.assert(fc.property(nights, (all) => {
      const told = follow(all);
      for (const [index, findings] of told.entries()) {
        const { verdicts: own = [], remembered = [] } = all[index] ?? {};
        const open = new Set((told[index - 1] ?? []).filter(isOpen).map(({ signature }) => signature));
        const fresh = findings.filter(({ state }) => state === 'new').map(({ signature }) => signature);
        expect(fresh.sort()).toEqual([...seenIn(own)].filter((signature) => !open.has(signature) && !remembered.includes(signature)).sort());
      }
    }));
  });

  test('are the same when nothing has changed: nothing is new, nothing is gone', () => {
    fc.assert(fc.property(verdicts, (all) => {
      const first = compareNights('one', { before: [], remembered: [], verdicts: all, replays: [] });
      const second = compareNights('two', { before: first, remembered: [], verdicts: all, replays: [] });
      expect(second.map(({ state }) => state)).toEqual(second.map(() => 'still'));
      expect(second.map(({ since }) => since)).toEqual(second.map(() => 'one'));
    }));
  });

  test('call gone only what every configuration that had shown it was judged again for, as it was, and did not show', () => {
    fc.assert(fc.property(nights, (all) => {
      for (const [index, findings] of follow(all).entries()) {
        const { verdicts: own, replays: tried } = all[index] ?? { verdicts: [], replays: [] };
        for (const { signature, shown } of findings.filter(({ state }) => state === 'gone')) {
          expect([...seenIn(own)]).not.toContain(signature);
          for (const { arch } of shown) expect(tried.find((replay) => replay.signature === signature && replay.arch === arch)).toMatchObject({ kind: 'judged', changed: [] });
        }
      }
    }));
  });

  test('say less when less was judged again: a replay that is left out makes nothing gone or impossible', () => {
    fc.assert(fc.property(nights, fc.nat(), (all, pick) => {
      const before = follow(all).at(-2) ?? [];
      const last = all.at(-1) ?? { verdicts: [], replays: [], remembered: [] };
      const fewer = last.replays.filter((_, index) => index !== pick % Math.max(1, last.replays.length));
      const claims = (tried: Replay[]) => compareNights('now', { before, ...last, replays: tried }).filter(({ state }) => state === 'gone' || state === 'impossible').map(({ signature }) => signature);
      for (const claim of claims(fewer)) expect(claims(last.replays)).toContain(claim);
    }));
  });

  test('tell a failure as new once, until it was gone or known', () => {
    fc.assert(fc.property(nights, (all) => {
      for (const signature of signatures) {
        const states = follow(all).flatMap((findings) => findings.find((finding) => finding.signature === signature)?.state ?? []);
        expect(states.flatMap((state, index) => (index > 0 && state === 'new' ? (states[index - 1] ?? []) : [])).filter((state) => state !== 'gone' && state !== 'known')).toEqual([]);
      }
    }));
  });

  test('do not call gone what another failure hides', () => {
    const [before] = follow([{ verdicts: [makeVerdict({ verdict: 'failed', failures: [fail('tidy:00000003')] })], replays: [], remembered: [] }]);
    const hidden: Replay = { signature: 'tidy:00000003', arch: 'x86_64', kind: 'judged', changed: [], verdict: { verdict: 'failed', failures: [fail('builds:00000001')], known: [] } };
    const [finding] = compareNights('now', { before: before ?? [], remembered: [], verdicts: [], replays: [hidden] });
    expect(finding).toMatchObject({ state: 'open', note: 'x86_64: builds:00000001 comes first now' });
  });
});

describe('the outcome of a night', () => {
  const passed = makeVerdict({});
  const broken = makeVerdict({ verdict: 'infra-error' });
  const fresh = compareNights('now', { before: [], remembered: [], verdicts: [makeVerdict({ verdict: 'failed', failures: [fail('tidy:00000003')] })], replays: [] });

  test.each([
    ['nothing judged', [], [], false, 'faulty'],
    ['all passed', [], [passed], false, 'clean'],
    ['one in ten let down', [], [...Array<Verdict>(9).fill(passed), broken], false, 'clean'],
    ['more than one in ten let down', [], [...Array<Verdict>(8).fill(passed), broken], false, 'faulty'],
    ['ended by a fault', [], [passed], true, 'faulty'],
    ['a mistake of our own front end', [], [makeVerdict({ resolution: 'front-end-mismatch' }), ...Array<Verdict>(9).fill(passed)], false, 'faulty'],
    ['something new, and a fault', fresh, [passed], true, 'new'],
    ['something that was there', fresh.map((finding) => ({ ...finding, state: 'still' as const })), [passed], false, 'clean'],
  ])('%s', (_, findings, all, hasFault, expected) => {
    expect(decideNight(findings, all, hasFault)).toBe(expected);
  });
});
