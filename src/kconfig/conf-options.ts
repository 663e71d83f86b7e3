/** What `conf` can be asked to do, by the name of its option. */
export const confModes = [
  'oldaskconfig', 'oldconfig', 'syncconfig', 'defconfig', 'savedefconfig', 'allnoconfig', 'allyesconfig', 'allmodconfig',
  'alldefconfig', 'randconfig', 'listnewconfig', 'helpnewconfig', 'olddefconfig', 'yes2modconfig', 'mod2yesconfig',
  'mod2noconfig',
] as const;
export type ConfMode = (typeof confModes)[number];

export type ConfOptions = {
  mode: ConfMode;
  /** The file of `--defconfig` and `--savedefconfig`. */
  file: string;
  isSilent: boolean;
  wantsHelp: boolean;
  /** The first operand. */
  kconfig: string | null;
  /** Times that `--randconfig` was given: each one prints its seed. */
  randomSeeds: number;
  /** Complaints about options, in the words of getopt. */
  complaints: string[];
};

const withFile: ReadonlySet<string> = new Set(['defconfig', 'savedefconfig']);
const longOptions: readonly string[] = ['help', 'silent', ...confModes];

/** Reads arguments as getopt_long does: long options may be shortened, operands may stand anywhere; wrong ones are passed over. */
export function parseConfOptions(program: string, argv: readonly string[]): ConfOptions {
  const options: ConfOptions = {
    mode: 'oldaskconfig', file: '', isSilent: false, wantsHelp: false, kconfig: null, randomSeeds: 0, complaints: [],
  };
  const operands: string[] = [];
  const waiting = [...argv];
  for (let argument = waiting.shift(); argument !== undefined; argument = waiting.shift()) {
    if (argument === '--') operands.push(...waiting.splice(0));
    else if (argument.startsWith('--')) takeLong(argument.slice(2));
    else if (argument.startsWith('-') && argument !== '-') for (const letter of argument.slice(1)) takeShort(letter);
    else operands.push(argument);
  }
  options.kconfig = operands[0] ?? null;
  return options;

  function takeShort(letter: string): void {
    if (letter === 'h') options.wantsHelp = true;
    else if (letter === 's') options.isSilent = true;
    else options.complaints.push(`${program}: invalid option -- '${letter}'\n`);
  }

  function takeLong(text: string): void {
    const [name = '', ...values] = text.split('=');
    const value = values.length > 0 ? values.join('=') : null;
    const matches = longOptions.includes(name) ? [name] : longOptions.filter((option) => option.startsWith(name));
    const [match] = matches;
    if (match === undefined) options.complaints.push(`${program}: unrecognized option '--${text}'\n`);
    else if (matches.length > 1) {
      const possible = matches.map((option) => ` '--${option}'`).join('');
      options.complaints.push(`${program}: option '--${text}' is ambiguous; possibilities:${possible}\n`);
    } else if (value !== null && !withFile.has(match)) {
      options.complaints.push(`${program}: option '--${match}' doesn't allow an argument\n`);
    } else if (match === 'help' || match === 'silent') takeShort(match.charAt(0));
    else takeMode(match as ConfMode, value);
  }

  function takeMode(mode: ConfMode, value: string | null): void {
    if (withFile.has(mode)) {
      const file = value ?? waiting.shift();
      if (file === undefined) {
        options.complaints.push(`${program}: option '--${mode}' requires an argument\n`);
        return;
      }
      options.file = file;
    }
    options.mode = mode;
    if (mode === 'randconfig') options.randomSeeds++;
  }
}

export function formatConfUsage(program: string): string {
  return `Usage: ${program} [options] kconfig_file

Generic options:
  -h, --help              Print this message and exit.
  -s, --silent            Do not print log.

Mode options:
  --listnewconfig         List new options
  --helpnewconfig         List new options and help text
  --oldaskconfig          Start a new configuration using a line-oriented program
  --oldconfig             Update a configuration using a provided .config as base
  --syncconfig            Similar to oldconfig but generates configuration in
                          include/{generated/,config/}
  --olddefconfig          Same as oldconfig but sets new symbols to their default value
  --defconfig <file>      New config with default defined in <file>
  --savedefconfig <file>  Save the minimal current configuration to <file>
  --allnoconfig           New config where all options are answered with no
  --allyesconfig          New config where all options are answered with yes
  --allmodconfig          New config where all options are answered with mod
  --alldefconfig          New config with all symbols set to default
  --randconfig            New config with random answer to all options
  --yes2modconfig         Change answers from yes to mod if possible
  --mod2yesconfig         Change answers from mod to yes if possible
  --mod2noconfig          Change answers from mod to no if possible
  (If none of the above is given, --oldaskconfig is the default)

Arguments:
  kconfig_file            Top-level Kconfig file.
`;
}
