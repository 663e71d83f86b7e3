import { readdir } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import type { Arch, Tree } from '../tree/records.ts';
import { readTextIfAny, writeAtomic } from '../util/files.ts';
import { hashText } from '../util/hash.ts';

/** Where an architecture's own headers are, its Makefile first. */
const archFolders: Record<Arch, readonly string[]> = {
  x86_64: ['arch/x86'],
  arm64: ['arch/arm64'],
  um: ['arch/um', 'arch/x86'],
};

/** Sources that the pipeline compiles or is steered by, wherever they are in a tree. */
const rootFolders = ['rust', 'samples/rust', 'drivers/block/rnull'];
const rootFiles = ['Makefile', 'scripts/Makefile.*', 'scripts/Kbuild.*'];

const include = /^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/gm;
const mention = /\bCONFIG_([A-Za-z0-9_]+)/g;

/**
 * Options that can reach the pipeline: those that its sources mention, the helpers, the crates and all headers that
 * any of them could include, whatever the conditions; and the Makefiles that choose their flags. Sorted. A function of
 * the tree alone, so that a seed means the same on each machine; what a build's `include/config/…` dependencies name
 * is among them. Kept in the cache folder: the first time takes a second or two.
 */
export async function listReachable(tree: Tree, arch: Arch, cache: string): Promise<string[]> {
  const file = join(cache, 'reach', `${hashText(`${version} ${tree.fingerprint} ${arch}`).slice(0, 32)}.json`);
  const known = await readTextIfAny(file);
  if (known !== null) return JSON.parse(known) as string[];
  const names = await scan(tree.directory, arch);
  await writeAtomic(file, JSON.stringify(names));
  return names;
}

/** Of this way of looking. */
const version = 1;

async function scan(directory: string, arch: Arch): Promise<string[]> {
  const folders = archFolders[arch];
  const search = ['include', ...folders.map((folder) => `${folder}/include`), 'include/uapi', ...folders.map((folder) => `${folder}/include/uapi`), ...folders.map((folder) => `${folder}/include/shared`)];
  const names = new Set<string>();
  const seen = new Set<string>();
  let open = [...(await findRoots(directory)), ...folders.map((folder) => `${folder}/Makefile`)];
  while (open.length > 0) {
    const wanted = new Set<string>();
    const fresh = open.filter((file) => !seen.has(file));
    for (const file of fresh) seen.add(file);
    for (const { file, text } of await readAll(directory, fresh)) {
      for (const [, name] of text.matchAll(mention)) names.add((name as string).replace(/_MODULE$/, ''));
      for (const [, quoted, angled] of text.matchAll(include)) {
        if (quoted !== undefined) wanted.add(normalize(join(dirname(file), quoted)));
        for (const place of candidatesFor((quoted ?? angled) as string, search)) wanted.add(place);
      }
    }
    open = [...wanted].filter((file) => !seen.has(file) && !file.startsWith('..'));
  }
  return [...names].sort();
}

/** `asm/foo.h` is the architecture's, or the generic one that kbuild wraps for it. */
function candidatesFor(header: string, search: readonly string[]): string[] {
  const places = search.map((folder) => normalize(join(folder, header)));
  return header.startsWith('asm/') ? [...places, normalize(join('include/asm-generic', header.slice(4)))] : places;
}

async function findRoots(directory: string): Promise<string[]> {
  const found = await Promise.all(rootFolders.map(async (folder) => {
    const entries = await readdir(join(directory, folder), { withFileTypes: true, recursive: true }).catch(() => []);
    return entries.filter((entry) => entry.isFile() && /\.(?:[ch]|rs)$|^Makefile$/.test(entry.name)).map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
  }));
  const scripts = await readdir(join(directory, 'scripts')).catch(() => []);
  const matching = scripts.map((name) => `scripts/${name}`).filter((name) => rootFiles.some((pattern) => name.startsWith(pattern.replace('*', ''))));
  return [...found.flat(), 'Makefile', ...matching].sort();
}

/** Those that are there. */
async function readAll(directory: string, files: readonly string[]): Promise<{ file: string; text: string }[]> {
  const found: { file: string; text: string }[] = [];
  for (let at = 0; at < files.length; at += batch) {
    const texts = await Promise.all(files.slice(at, at + batch).map(async (file) => ({ file, text: await readTextIfAny(join(directory, file)).catch(nullForFolder) })));
    for (const { file, text } of texts) if (text !== null) found.push({ file, text });
  }
  return found;
}

/** A name that is a folder, or below a file, is no header. Any other fault would make the list too short. */
function nullForFolder(error: unknown): null {
  if (error instanceof Error && 'code' in error && (error.code === 'EISDIR' || error.code === 'ENOTDIR')) return null;
  throw error;
}

/** Files open at once. */
const batch = 64;
