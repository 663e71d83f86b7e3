/** `#7` at the end of a function's `define` line; names and sections are quoted and may hold anything. */
export function attributeGroup(line: string): string {
  return line.replaceAll(/"[^"]*"/g, '""').match(/#\d+\b/g)?.at(-1) ?? '';
}

/**
 * Reads `attributes #7 = { nounwind "frame-pointer"="all" "target-features"="+a,-b" }` as the words `nounwind`,
 * `frame-pointer=all`, `+a`, `-b`. Many functions share a group, and so they share its set.
 */
export function parseAttributes(line: string, groups: Map<string, ReadonlySet<string>>): void {
  const [, group, body] = /^attributes (#\d+) = \{ (.*) \}$/.exec(line) ?? [];
  if (group === undefined || body === undefined) return;
  const words = Array.from(body.matchAll(/"([^"]*)"(?:="([^"]*)")?|[^\s"]+/g), ([word, name, value]) => {
    if (name === 'target-features') return (value ?? '').split(',');
    return name === undefined ? word : value === undefined ? name : `${name}=${value}`;
  });
  groups.set(group, new Set(words.flat()));
}
