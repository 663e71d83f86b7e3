import { type Config, formatFragment, valueOf } from '../kconfig/config.ts';
import type { Candidate, LostRequest, Request } from './records.ts';

/** What a candidate asks for, as a `.config` fragment. */
export function formatRequests({ requested, wished, fill }: Pick<Candidate, 'requested' | 'wished' | 'fill'>): string {
  return formatFragment([...requested, ...wished, ...fill].map(({ symbol, value }) => [symbol, value]));
}

/** Requests that the resolved configuration does not honour. */
export function findLost(requested: readonly Request[], config: Config): LostRequest[] {
  return requested.flatMap((request) => {
    const effective = valueOf(config, request.symbol);
    return effective === request.value ? [] : [{ ...request, effective }];
  });
}
