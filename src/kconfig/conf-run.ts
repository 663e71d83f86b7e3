import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ConfOptions } from './conf-options.ts';
import { type ConfIo, isFolder, readBytes, readerOf, replaceBytes, replaceKeepingOld, writeBytes } from './conf-io.ts';
import { formatDefconfig } from './defconfig.ts';
import { Evaluation } from './evaluate.ts';
import { isLogical, type KconfigSymbol, type Model } from './model.ts';
import { readConfig } from './read.ts';
import { settle } from './settle.ts';
import { formatSyncCommand, formatSyncFiles } from './sync.ts';
import { type Tristate, tristateLetters } from './values.ts';
import { formatConfig } from './write.ts';

/** Ends the run with an exit code; what there is to say has been said. */
export class Stop extends Error {
  readonly code: number;

  constructor(code: number) {
    super();
    this.code = code;
  }
}

const allConfigNames: Partial<Record<ConfOptions['mode'], string>> = {
  allnoconfig: 'allno.config', allyesconfig: 'allyes.config', allmodconfig: 'allmod.config', alldefconfig: 'alldef.config',
  randconfig: 'allrandom.config',
};

/** One run of `conf`: which files it reads and writes, by the rules of scripts/kconfig/confdata.c. */
export class ConfRun {
  readonly evaluation: Evaluation;
  readonly options: ConfOptions;
  readonly io: ConfIo;
  readonly prefix: string;
  /** Whether the configuration is not what its file says. */
  isChanged = true;
  /** The `.config` text that was written last. */
  text = '';
  #readWarnings = 0;

  constructor(model: Model, options: ConfOptions, io: ConfIo) {
    this.options = options;
    this.io = io;
    this.evaluation = new Evaluation(model, (text) => io.output.stderr(text));
    this.prefix = io.environment['CONFIG_'] ?? 'CONFIG_';
  }

  readInput(): void {
    const { mode, file } = this.options;
    const usual = allConfigNames[mode];
    if (usual !== undefined) {
      this.#readAllConfig(usual);
    } else if (mode !== 'defconfig') {
      this.#readBase(null);
    } else if (!this.#readBase(file)) {
      this.io.output.stderr(`***\n*** Can't find default configuration "${file}"!\n***\n`);
      throw new Stop(1);
    }
  }

  stopOnReadWarnings(): void {
    if (this.#readWarnings > 0 && this.#isStrict()) throw new Stop(1);
  }

  stopOnUnmetDependencies(): void {
    if (this.evaluation.warnings > 0 && this.#isStrict()) throw new Stop(1);
  }

  /** Whether `.config` may be written; with `KCONFIG_NOSILENTUPDATE` it may not even need to. */
  checkSilentUpdate(): boolean {
    if (!this.io.environment['KCONFIG_NOSILENTUPDATE']) return true;
    if (!this.isChanged) return false;
    this.io.output.stderr('\n*** The configuration requires explicit update.\n\n');
    throw new Stop(1);
  }

  rewriteTristates(from: Tristate, to: Tristate): void {
    const { evaluation } = this;
    for (const symbol of evaluation.model.symbols) {
      if (evaluation.typeOf(symbol) !== 'tristate' || symbol.isConstant) continue;
      if (evaluation.userTristates[symbol.id] === from) evaluation.userTristates[symbol.id] = to;
    }
    evaluation.invalidate();
    this.isChanged = true;
  }

  writeConfig(): boolean {
    const name = this.#configName();
    const path = this.#path(name);
    if (name === '' || isFolder(path)) {
      this.io.output.stderr(name === '' ? 'config name is empty\n' : `${name}: Is a directory\n`);
      return false;
    }
    if (!this.isChanged) this.evaluation.invalidate();
    const changes = this.#watchChanges();
    const text = formatConfig(this.evaluation, this.prefix, changes.visit);
    this.text = text;
    try {
      const isInPlace = Boolean(this.io.environment['KCONFIG_OVERWRITECONFIG']);
      const isSame = !isInPlace && readBytes(path) === text;
      if (isInPlace) writeBytes(path, text);
      else if (!isSame) replaceKeepingOld(path, text);
      changes.report();
      this.#say(isSame ? `No change to ${name}` : `configuration written to ${name}`);
    } catch {
      return false;
    }
    this.isChanged = false;
    return true;
  }

  writeDefconfig(): boolean {
    const { file } = this.options;
    const changes = this.#watchChanges();
    const text = formatDefconfig(this.evaluation, this.prefix, changes.visit);
    try {
      writeFileSync(this.#path(file), text, 'latin1');
    } catch {
      this.io.output.stderr(`n*** Error while saving defconfig to: ${file}\n\n`);
      return false;
    }
    changes.report();
    return true;
  }

  /** Without `isForced` only where there is no `auto.conf` yet. */
  writeSyncFiles(isForced: boolean): boolean {
    const { environment, output } = this.io;
    const name = environment['KCONFIG_AUTOCONFIG'] ?? 'include/config/auto.conf';
    const path = this.#path(name);
    if (!isForced && existsSync(path)) return true;
    try {
      replaceBytes(`${path}.cmd`, formatSyncCommand(this.evaluation.model, name));
      const old = readerOf(this.io.directory, environment['srctree'])(name);
      const files = formatSyncFiles(this.evaluation, this.prefix, { file: name, text: old ?? '' });
      output.stderr(files.warnings);
      for (const symbol of files.touched) writeFileSync(join(dirname(path), symbol), '');
      replaceBytes(this.#path(environment['KCONFIG_AUTOHEADER'] ?? 'include/generated/autoconf.h'), files.header);
      replaceBytes(this.#path(environment['KCONFIG_RUSTCCFG'] ?? 'include/generated/rustc_cfg'), files.rustcCfg);
      replaceBytes(path, files.autoConf);
      return true;
    } catch {
      return false;
    }
  }

  #readAllConfig(usual: string): void {
    const name = this.io.environment['KCONFIG_ALLCONFIG'];
    if (name === undefined) return;
    const { output } = this.io;
    if (name !== '' && name !== '1') {
      if (this.#read(name)) return;
      output.stderr(`*** Can't read seed configuration "${name}"!\n`);
      throw new Stop(1);
    }
    if (this.#read(usual) || this.#read('all.config')) return;
    output.stderr(`*** KCONFIG_ALLCONFIG set, but no "${usual}" or "all.config" file found\n`);
    throw new Stop(1);
  }

  /** Reads a configuration and compares it with what it becomes (confdata.c: conf_read). */
  #readBase(name: string | null): boolean {
    this.isChanged = false;
    const isRead = name === null ? this.#readUsual() : this.#read(name);
    if (!isRead) {
      this.evaluation.calculate(this.evaluation.model.modules);
      return false;
    }
    if (settle(this.evaluation) || this.#readWarnings > 0) this.isChanged = true;
    return true;
  }

  /** `.config`, else the first file of `KCONFIG_DEFCONFIG_LIST` that is there. */
  #readUsual(): boolean {
    if (this.#read(this.#configName())) return true;
    this.isChanged = true;
    for (const name of (this.io.environment['KCONFIG_DEFCONFIG_LIST'] ?? '').split(/[ \t-\r]+/)) {
      if (name === '' || this.#open(name) === null) continue;
      this.#say(`using defaults found in ${name}`);
      return this.#read(name);
    }
    return false;
  }

  #read(name: string): boolean {
    const text = this.#open(name);
    if (text === null) return false;
    const { environment, output } = this.io;
    const isStrict = environment['KCONFIG_WARN_UNKNOWN_SYMBOLS'] !== undefined;
    const warn = (words: string) => output.stderr(words);
    const { hasUnknown, warnings } = readConfig(this.evaluation, text, { file: name, prefix: this.prefix, warn, isStrict });
    this.#readWarnings = warnings;
    if (hasUnknown) this.isChanged = true;
    return true;
  }

  #open(name: string): string | null {
    return readerOf(this.io.directory, this.io.environment['srctree'])(name);
  }

  /** Lists the user's values that did not survive, where `KCONFIG_WARN_CHANGED_INPUT` asks for it. */
  #watchChanges(): { visit: (symbol: KconfigSymbol) => void; report: () => void } {
    let lines = '';
    const isAsked = Boolean(this.io.environment['KCONFIG_WARN_CHANGED_INPUT']);
    return {
      visit: (symbol) => {
        const { evaluation } = this;
        if (!isAsked || evaluation.hasUser[symbol.id] === 0 || symbol.type === 'unknown') return;
        const [given, value] = [this.#userValue(symbol), evaluation.valueOf(symbol.id)];
        if (given !== value) lines += `  ${this.prefix}${symbol.name}: ${given} -> ${value}\n`;
      },
      report: () => {
        if (lines !== '') this.io.output.stderr(`warning: user-provided values changed by Kconfig:\n${lines}`);
      },
    };
  }

  #userValue({ id, type }: KconfigSymbol): string {
    const { userTristates, userTexts } = this.evaluation;
    return isLogical(type) ? tristateLetters[userTristates[id] as Tristate] : (userTexts[id] as string);
  }

  #configName(): string {
    return this.io.environment['KCONFIG_CONFIG'] ?? '.config';
  }

  #isStrict(): boolean {
    return this.io.environment['KCONFIG_WERROR'] !== undefined;
  }

  /** `syncconfig` runs inside a build and is silent. */
  #say(words: string): void {
    if (!this.options.isSilent && this.options.mode !== 'syncconfig') this.io.output.stdout(`#\n# ${words}\n#\n`);
  }

  #path(name: string): string {
    return resolve(this.io.directory, name);
  }
}
