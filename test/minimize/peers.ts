/** Whether a set shows the failure. */
export type Fails<E> = (elements: readonly E[]) => Promise<boolean>;

/** Minimizing delta debugging as Zeller and Hildebrandt have it (2002): subsets, then complements, then smaller parts. */
export async function ddmin<E>(elements: readonly E[], fails: Fails<E>): Promise<readonly E[]> {
  let current = elements;
  let parts = 2;
  while (current.length >= 2) {
    const chunks = split(current, parts);
    const complements = chunks.map((chunk) => current.filter((element) => !chunk.includes(element)));
    const smaller = (await first(chunks, fails)) ?? null;
    const reduced = smaller ?? (parts > 2 ? await first(complements, fails) : null);
    if (reduced !== null) {
      parts = smaller === null ? Math.max(parts - 1, 2) : 2;
      current = reduced;
    } else if (parts < current.length) parts = Math.min(2 * parts, current.length);
    else break;
  }
  return current;
}

/**
 * The way in which syzkaller minimizes a slice (pkg/bisect/minimize): three parts, then halves, layer by layer; a part is
 * dropped where the rest fails without it. Of a part that is needed, the last piece is not asked for if no other was needed.
 */
export async function dropChunks<E>(elements: readonly E[], fails: Fails<E>): Promise<readonly E[]> {
  let chunks: { elements: readonly E[]; isFinal: boolean }[] = [{ elements, isFinal: false }];
  for (let isNeeded = false; chunks.some(({ isFinal }) => !isFinal); isNeeded = true) {
    const kept: typeof chunks = [];
    for (const [at, chunk] of chunks.entries()) {
      const pieces = chunk.isFinal ? [chunk.elements] : split(chunk.elements, isNeeded ? 2 : 3);
      if (chunk.isFinal || (pieces.length === 1 && isNeeded)) {
        kept.push({ elements: chunk.elements, isFinal: true });
        continue;
      }
      const before = kept.length;
      for (const [index, piece] of pieces.entries()) {
        const isCertain = isNeeded && index === pieces.length - 1 && kept.length === before;
        const rest = [...kept.flatMap((other) => other.elements), ...pieces.slice(index + 1).flat(), ...chunks.slice(at + 1).flatMap((other) => other.elements)];
        if (isCertain || !(await fails(rest))) kept.push({ elements: piece, isFinal: false });
      }
    }
    chunks = kept;
  }
  return chunks.flatMap((chunk) => chunk.elements);
}

async function first<E>(sets: readonly (readonly E[])[], fails: Fails<E>): Promise<readonly E[] | null> {
  for (const set of sets) if (await fails(set)) return set;
  return null;
}

function split<E>(elements: readonly E[], parts: number): E[][] {
  const size = Math.max(1, Math.ceil(elements.length / parts));
  return Array.from({ length: Math.ceil(elements.length / size) }, (_, index) => elements.slice(index * size, (index + 1) * size));
}
