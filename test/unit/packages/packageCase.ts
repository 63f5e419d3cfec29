import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { pack } from 'tar-stream';
import type { BagReport } from '../../../core/packages/bags/bag.ts';
import { walkFolder } from '../../../core/packages/walk.ts';

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

export async function namesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { path: name } of walkFolder(folder)) found.push(name);
  return found.sort();
}

export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

export const zipOf = (tree: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(tree).map(([name, text]) => [name, bytes(text)])));

export type TarMember = Parameters<ReturnType<typeof pack>['entry']>[0] & { readonly content?: string };

export async function tarOf(members: readonly TarMember[]): Promise<Buffer> {
  const archive = pack();
  for (const { content = '', ...header } of members) archive.entry(header, content);
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A copy in which another text of the same length stands where one stood. */
export function replaced(archive: Uint8Array, text: string, other: string, which: 'first' | 'last' | 'all'): Buffer {
  const copy = Buffer.from(archive);
  const places: number[] = [];
  for (let at = copy.indexOf(text); at >= 0; at = copy.indexOf(text, at + 1)) places.push(at);
  const chosen = which === 'all' ? places : [places.at(which === 'first' ? 0 : -1) ?? 0];
  for (const at of chosen) copy.write(other, at, 'latin1');
  return copy;
}

/** Whether a program can be called; only the first word counts. */
export const isThere = (program: string): boolean =>
  (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .some((folder) => existsSync(path.join(folder, program.split(' ')[0] ?? '')));

/** The codes of what is wrong with a bag, each once. */
export const codes = ({ findings }: BagReport, severity: 'error' | 'warning'): string[] =>
  [...new Set(findings.filter((found) => found.severity === severity).map(({ code }) => code))].sort();
