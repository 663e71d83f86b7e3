/** A configuration: symbol without `CONFIG_` to its value as in `.config` (`y`, `m`, `"text"`, `0x10`, `3`). */
export type Config = Record<string, string>;

const assignment = /^CONFIG_([A-Za-z0-9_]+)=(.*)$/;
const unset = /^# CONFIG_([A-Za-z0-9_]+) is not set$/;

/** Reads a `.config` text. A symbol that is "not set" is kept as `n`; what is not mentioned is absent. */
export function parseConfig(text: string): Config {
  const config: Config = {};
  for (const line of text.split('\n')) {
    const [, name, value] = assignment.exec(line) ?? [];
    if (name !== undefined && value !== undefined) config[name] = value;
    const [, absent] = unset.exec(line) ?? [];
    if (absent !== undefined) config[absent] = 'n';
  }
  return config;
}

/** Assignments as a `.config` fragment, one line each, in the given order. */
export function formatFragment(assignments: Iterable<readonly [symbol: string, value: string]>): string {
  let text = '';
  for (const [symbol, value] of assignments) {
    text += value === 'n' ? `# CONFIG_${symbol} is not set\n` : `CONFIG_${symbol}=${value}\n`;
  }
  return text;
}

/** A symbol's value; `n` where the configuration does not mention it. */
export function valueOf(config: Config, symbol: string): string {
  return config[symbol] ?? 'n';
}
