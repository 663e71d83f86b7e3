/**
 * Groups of more than one node that can reach each other, in a graph of flat target lists
 * (Tarjan, without recursion: dependency chains are long).
 */
export function findRings(starts: Int32Array, targets: Int32Array): number[][] {
  const count = starts.length - 1;
  const order = new Int32Array(count);
  const lowest = new Int32Array(count);
  const next = starts.slice(0, count);
  const isOpen = new Uint8Array(count);
  const open: number[] = [];
  const path: number[] = [];
  const rings: number[][] = [];
  let clock = 0;
  for (let root = 0; root < count; root++) {
    if (order[root] === 0) enter(root);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      if ((next[node] as number) < (starts[node + 1] as number)) {
        const target = targets[(next[node] as number)++] as number;
        if (order[target] === 0) enter(target);
        else if (isOpen[target] === 1) lowest[node] = Math.min(lowest[node] as number, order[target] as number);
      } else leave(node);
    }
  }
  return rings;

  function enter(node: number): void {
    order[node] = lowest[node] = ++clock;
    isOpen[node] = 1;
    open.push(node);
    path.push(node);
  }

  function leave(node: number): void {
    path.pop();
    const parent = path.at(-1);
    if (parent !== undefined) lowest[parent] = Math.min(lowest[parent] as number, lowest[node] as number);
    if (lowest[node] !== order[node]) return;
    const ring = open.splice(open.lastIndexOf(node));
    for (const member of ring) isOpen[member] = 0;
    if (ring.length > 1) rings.push(ring);
  }
}
