import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Files by their paths below a folder. */
export type Tree = Readonly<Record<string, string | Uint8Array>>;

export function writeTree(folder: string, tree: Tree): string {
  for (const [name, content] of Object.entries(tree)) {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

export const digest = (algorithm: string, content: string | Uint8Array): string =>
  createHash(algorithm).update(content).digest('hex');

const declaration = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

/** The files of a sound bag; `change` replaces some, or takes them away where it says undefined. */
export function bagTree(
  change: Readonly<Record<string, string | Uint8Array | undefined>> = {},
  payload: Tree = { 'data/counts.txt': '4 8 15\n', 'data/raw/run 7.txt': 'seven\n' },
): Tree {
  const manifest = Object.entries(payload).map(([name, content]) => `${digest('sha256', content)}  ${name}\n`);
  const tree: Record<string, string | Uint8Array | undefined> = {
    'bagit.txt': declaration,
    'manifest-sha256.txt': manifest.join(''),
    ...payload,
    ...change,
  };
  return Object.fromEntries(
    Object.entries(tree).flatMap(([name, content]): [string, string | Uint8Array][] =>
      content === undefined ? [] : [[name, content]],
    ),
  );
}
