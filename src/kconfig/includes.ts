import { KconfigError } from './errors.ts';

/** The text of a file by the name that Kconfig gives it (one character a byte), or null where there is none. */
export type FileReader = (name: string) => string | null;

/** Where reading goes on after an included file. */
export type Suspended = { file: string; line: number; statementLine: number; text: string; position: number };

/** Files read so far and files being read. A file may be read once only (scripts/kconfig/util.c). */
export class Includes {
  readonly files: string[] = [];
  readonly #reader: FileReader;
  readonly #stack: Suspended[] = [];
  readonly #parents = new Map<string, { file: string; line: number } | null>();

  constructor(reader: FileReader) {
    this.#reader = reader;
  }

  /** @throws KconfigError `KCONFIG_NO_FILE` */
  open(root: string): string {
    const text = this.#reader(root);
    if (text === null) {
      const words = `can't find file ${root}`;
      throw new KconfigError('KCONFIG_NO_FILE', { words, place: { file: root }, report: `${words}\n` });
    }
    this.#note(root, null);
    return text;
  }

  /** @throws KconfigError `KCONFIG_NO_FILE`, `KCONFIG_INCLUDE_RING`, `KCONFIG_INCLUDED_TWICE` */
  enter(name: string, from: Suspended): string {
    const place = { file: from.file, line: from.statementLine };
    const text = this.#reader(name);
    if (text === null) throw new KconfigError('KCONFIG_NO_FILE', { words: `can't open file "${name}"`, place });
    this.#stack.push(from);
    if (this.#stack.some(({ file }) => file === name)) throw this.#ring(name, place);
    const known = this.#parents.get(name);
    if (known !== undefined) {
      const words = `repeated inclusion of ${name}`;
      const note = known ? `${known.file}:${known.line}: note: location of first inclusion of ${name}\n` : '';
      const report = `${place.file}:${place.line}: error: ${words}\n${note}`;
      throw new KconfigError('KCONFIG_INCLUDED_TWICE', { words, place, report });
    }
    this.#note(name, place);
    return text;
  }

  leave(): Suspended | undefined {
    return this.#stack.pop();
  }

  #note(name: string, parent: { file: string; line: number } | null): void {
    this.#parents.set(name, parent);
    this.files.push(name);
  }

  #ring(name: string, place: { file: string; line: number }): KconfigError {
    const path = this.#stack.toReversed().map(({ file, statementLine }) => `  included from: ${file}:${statementLine}\n`);
    const report = `Recursive inclusion detected.\nInclusion path:\n  current file : ${name}\n${path.join('')}`;
    return new KconfigError('KCONFIG_INCLUDE_RING', { words: `${name} includes itself`, place, report });
  }
}
