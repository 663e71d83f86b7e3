import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KconfigError } from '../../src/kconfig/errors.ts';
import type { Model } from '../../src/kconfig/model.ts';
import { formatExpression } from '../../src/kconfig/print-expression.ts';
import { Resolver } from '../../src/kconfig/resolver.ts';
import { configText, kconfigText } from './arbitrary.ts';
import { parseTiny } from './tiny.ts';

/** Models of generated texts; those with a ring are skipped. */
const model = kconfigText
  .map((text) => modelOf(text))
  .filter((parsed) => parsed !== null);

function modelOf(text: string): Model | null {
  try {
    return parseTiny(text).model;
  } catch (error) {
    if (error instanceof KconfigError) return null;
    throw error;
  }
}

/** For machines that have other things to do. */
const slow = 120_000;

const change = fc.tuple(fc.constantFrom('set', 'set', 'set', 'unset'), fc.nat(), fc.constantFrom('y', 'm', 'n', '4', '0x11', '"t"'));

describe('laws', () => {
  it('what changes step by step is what a fresh evaluation gives', () => {
    fc.assert(
      fc.property(model, configText, fc.array(change, { maxLength: 12 }), (parsed, config, changes) => {
        const patient = new Resolver(parsed);
        patient.resolveText(config);
        const log: string[] = [];
        for (const [how, which, value] of changes) {
          const name = pickName(parsed, which);
          if (name === null) continue;
          const fresh = () => replay(parsed, config, log);
          apply(patient, `${how} ${name} ${value}`);
          log.push(`${how} ${name} ${value}`);
          expect(patient.resolve()).toEqual(fresh());
        }
      }),
      { numRuns: 300 },
    );
  }, slow);

  it('a resolver gives the same for the same text, whatever it did before', () => {
    fc.assert(
      fc.property(model, configText, configText, (parsed, one, other) => {
        const used = new Resolver(parsed);
        used.resolveText(one);
        used.resolve();
        expect(used.resolveText(other)).toEqual(new Resolver(parsed).resolveText(other));
      }),
      { numRuns: 300 },
    );
  }, slow);

  it('expressions are read back as they are printed', () => {
    fc.assert(
      fc.property(model, (parsed) => {
        const names = parsed.symbols.filter(({ directDependency, name }) => directDependency !== 0 && name !== null);
        const show = (of: Model, id: number) => formatExpression(of, id, ({ name, isConstant }) => (isConstant && !/^[ymn]$/.test(name ?? '') ? `"${name}"` : (name ?? '')));
        for (const { directDependency } of names) {
          const text = show(parsed, directDependency);
          const again = parseTiny(`config A_NAME\n\tbool "a"\n\tdepends on ${text}\n`).model;
          const condition = again.root.firstChild?.conditions[0]?.expression ?? 0;
          expect(show(again, condition)).toBe(text);
        }
      }),
      { numRuns: 200 },
    );
  }, slow);
});

function apply(resolver: Resolver, step: string): void {
  const [how = '', name = '', value = ''] = step.split(' ');
  if (how === 'unset') {
    resolver.unset(name);
    return;
  }
  try {
    resolver.set(name, value);
  } catch {
    // A value of another type: nothing changes.
  }
}

function replay(parsed: Model, config: string, log: readonly string[]) {
  const fresh = new Resolver(parsed);
  fresh.resolveText(config);
  for (const step of log) apply(fresh, step);
  fresh.forget();
  return fresh.resolve();
}

function pickName(parsed: Model, which: number): string | null {
  const names = parsed.symbols.filter(({ type, name, isConstant }) => type !== 'unknown' && name !== null && !isConstant);
  return names.length === 0 ? null : (names[which % names.length]?.name ?? null);
}
