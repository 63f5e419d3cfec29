import path from 'node:path';
import { isThere } from '../../files/host/host.ts';
import { failureCode, failureReason } from '../../files/failureReason.ts';
import { readSmallFile } from '../../files/smallFile.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { readRules } from './readRules.ts';
import type { RuleSet } from './rule.ts';

/** What a file of rules is called. */
export const rulesFileNames = ['imsc-rules.yml', 'imsc-rules.yaml', 'imsc-rules.json'] as const;

/** Whether a file of that name holds the rules of a facility. */
export function isRulesFileName(name: string): boolean {
  return rulesFileNames.some((each) => each === name);
}

/** The rules that were found, with what is wrong with them. */
export interface FoundRules {
  readonly set: RuleSet;
  readonly problems: readonly Problem[];
}

/** Reads a text: that of an editor, or of the file. @throws the file system's error */
export type ReadText = (file: string) => Promise<string>;

/**
 * The rules for the schemas of a folder: the first file of them in it or above it, up to the root of its repository, or,
 * outside of one, to a folder that holds it.
 * @param folder absolute path
 * @param top no folder above this one is looked into where there is no repository; undefined: none above the folder itself
 */
export async function findRules(
  folder: string,
  top: string | undefined,
  readText: ReadText = readSmallFile,
): Promise<FoundRules | undefined> {
  for (const each of foldersAbove(folder, top)) {
    for (const name of rulesFileNames) {
      const file = path.join(each, name);
      const found = await readRulesFile(file, readText);
      if (found) return found;
    }
  }
  return undefined;
}

/** The rules of a file; undefined where there is none. One that cannot be read has a problem. */
export async function readRulesFile(file: string, readText: ReadText = readSmallFile): Promise<FoundRules | undefined> {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(failureCode(error) ?? '') || !isThere(file);
    return isMissing ? undefined : unreadable(file, failureReason(error));
  }
  return readRules(file, text);
}

/** What is there instead of rules that cannot be read, or that somebody names and that are not there. */
export function unreadable(file: string, reason: string): FoundRules {
  const message = `The rules ${file} cannot be read: ${reason}. No schema is held to them.`;
  return { set: { file, text: '', rules: [] }, problems: [problem('config-file', message, undefined, { file })] };
}

function foldersAbove(folder: string, top: string | undefined): string[] {
  const all: string[] = [];
  for (let at = folder; ; at = path.dirname(at)) {
    all.push(at);
    if (isThere(path.join(at, '.git'))) return all;
    if (at === path.dirname(at)) break;
  }
  const last = top === undefined ? 0 : all.indexOf(path.resolve(top));
  return all.slice(0, Math.max(last, 0) + 1);
}
