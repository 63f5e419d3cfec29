import { Uri } from 'vscode';
import type { Memento } from 'vscode';
import { isThere } from './isThere.ts';

const storageKey = 'recentFiles';
const mostKept = 10;

/** The data files that were picked last in this workspace, also those that lie elsewhere; the last one first. */
export async function recentFiles(storage: Memento): Promise<readonly Uri[]> {
  const kept = storage.get<readonly string[]>(storageKey, []).map((each) => Uri.parse(each));
  const found = await Promise.all(kept.map(isThere));
  return kept.filter((_, index) => found[index]);
}

/** Keeps what a person has picked just now, before what they picked earlier. */
export async function rememberFiles(storage: Memento, picked: readonly Uri[]): Promise<void> {
  const kept = [...picked.map(String), ...storage.get<readonly string[]>(storageKey, [])];
  await storage.update(storageKey, [...new Set(kept)].slice(0, mostKept));
}
