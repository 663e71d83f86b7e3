import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A copy of the project whose miniature tree may be spoilt. */
export type Checkout = { directory: string; edit: (file: string, change: (text: string) => string) => void };

export function copyCheckout(): Checkout {
  const directory = mkdtempSync(join(tmpdir(), 'kinfuzz-checkout-'));
  for (const name of ['bin', 'src', 'properties', 'corpus', 'package.json', 'package-lock.json', 'tsconfig.json']) cpSync(name, join(directory, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(directory, 'node_modules'));
  return {
    directory,
    edit: (file, change) => {
      const path = join(directory, file);
      const before = readFileSync(path, 'utf8');
      const after = change(before);
      if (after === before) throw new Error(`the edit of ${file} changes nothing`);
      writeFileSync(path, after);
    },
  };
}
