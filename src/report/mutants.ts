import { isKilledAlone, type MutantRecord } from '../verdict/mutants.ts';

/** One line for one mutant, as it comes. */
export function formatMutant(record: MutantRecord): string {
  const others = [...new Set(record.hits.map(({ property }) => property))].filter((property) => property !== record.property);
  const also = record.state === 'killed' && others.length > 0 ? `, and by ${others.join(', ')}` : '';
  const by = { killed: `killed by ${record.property}${also}`, survived: `SURVIVED (${record.property})`, misdirected: `MISSED by ${record.property}, killed by ${others.join(', ')}`, unfit: `does not apply: ${record.reason}`, unjudged: `NOT JUDGED: ${record.reason}` };
  return `${record.name} ${record.arch} ${by[record.state]} (${(record.ms / 1000).toFixed(1)} s)`;
}

/** The table of mutants and properties, what else is to be said of some mutants, and the sum. */
export function formatKillMatrix(records: readonly MutantRecord[], properties: readonly string[]): string {
  const hit = new Set(records.flatMap(({ hits, property }) => [...hits.map((failure) => failure.property), property]));
  const columns = [...hit].sort();
  const legend = columns.map((property, index) => `${String(index + 1).padStart(3)} ${property}`);
  const width = Math.max(0, ...records.map(({ name }) => name.length));
  const head = `${' '.repeat(width)} ${columns.map((_, index) => String(index + 1).padStart(3)).join('')}`;
  const rows = records.map((record) => `${record.name.padEnd(width)} ${columns.map((property) => markOf(record, property).padStart(3)).join('')}  ${warnOf(record)}${record.defect}`);
  return [...legend, '', head, ...rows, '', '● killed by the property that it names, ○ caught by another too, - not caught by the property that it names', ...formatNotes(records), '', formatKillSum(records, properties)].join('\n');
}

function markOf({ hits, property, state }: MutantRecord, column: string): string {
  if (hits.some((hit) => hit.property === column)) return property === column ? '●' : '○';
  return property === column && (state === 'survived' || state === 'misdirected') ? '-' : '·';
}

function warnOf({ state }: MutantRecord): string {
  return { killed: '', survived: 'SURVIVED: ', misdirected: 'MISSED: ', unfit: 'does not apply: ', unjudged: 'NOT JUDGED: ' }[state];
}

function formatNotes(records: readonly MutantRecord[]): string[] {
  const healthy = new Map(records.flatMap(({ arch, healthy: failures }) => failures.map(({ signature, summary }) => [signature, `without any mutant, ${arch} fails too: ${signature} ${summary}`])));
  const reasons = records.flatMap(({ name, reason }) => (reason === null ? [] : [`${name}: ${reason}`]));
  const others = records.filter((record) => record.hits.length > 0 && !isKilledAlone(record)).flatMap(({ name, property, hits }) => hits.filter((hit) => hit.property !== property).map(({ signature, summary }) => `${name}: also ${signature} ${summary}`));
  const notes = [...healthy.values(), ...reasons, ...others];
  return notes.length > 0 ? ['', ...notes] : [];
}

/** `40 mutants: 40 killed, each by its own property alone; every property has one`, or what is missing. */
export function formatKillSum(records: readonly MutantRecord[], properties: readonly string[]): string {
  const of = (state: MutantRecord['state']) => records.filter((record) => record.state === state);
  const killed = of('killed');
  const shared = killed.filter((record) => !isKilledAlone(record));
  const alone = shared.length === 0 ? (killed.length > 0 ? ', each by its own property alone' : '') : `, ${killed.length - shared.length} of them by its own property alone`;
  const told = [
    ['SURVIVED', of('survived')],
    ['caught by other properties only', of('misdirected')],
    ['not applicable to this tree', of('unfit')],
    ['not judged', of('unjudged')],
  ] as const;
  const rest = told.flatMap(([words, some]) => (some.length > 0 ? [`; ${some.length} ${words}: ${some.map(({ name }) => name).join(', ')}`] : []));
  const lacking = findLacking(records, properties);
  const last = properties.length === 0 ? '' : lacking.length === 0 ? '; every property has one' : `; no mutant was killed by ${lacking.join(', ')}`;
  return `${records.length} mutants: ${killed.length} killed${alone}${rest.join('')}${last}`;
}

/** Properties that no mutant has shown to be able to fail. */
export function findLacking(records: readonly MutantRecord[], properties: readonly string[]): string[] {
  return properties.filter((property) => !records.some((record) => record.state === 'killed' && record.property === property));
}
