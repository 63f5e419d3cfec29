import { pathMistake } from './manifest.ts';
import { finding } from '../rules.ts';
import type { Finding } from '../rules.ts';
import { linesOf, tagEntries } from './tagFile.ts';
import type { TagEntry } from './tagFile.ts';

/**
 * What is wrong with fetch.txt. Nothing is ever fetched, so each file that it names must be here already.
 * @param isHere whether the bag has a file, by its path
 */
export function fetchFindings(text: string, isHere: (file: string) => boolean): Finding[] {
  return linesOf(text).flatMap(({ text: line, number }) => {
    if (line.trim() === '') return [];
    const place = { file: 'fetch.txt', line: number };
    const match = /^(\S+)[ \t]+(\d+|-)[ \t]+(\S.*)$/.exec(line.trimEnd());
    const file = match?.[3] ?? '';
    if (!match) return [finding('fetch', `Line ${number} of fetch.txt is not an address, a size and a path.`, place)];
    if (pathMistake(file) !== undefined || !file.startsWith('data/'))
      return [finding('fetch', `Line ${number} of fetch.txt names “${file}”, which is not below data/.`, place)];
    if (isHere(file)) return [];
    const message = `${file} would have to be fetched. Nothing is fetched here; put the file into the bag.`;
    return [finding('fetch', message, place)];
  });
}

/**
 * The entries of bag-info.txt, and what is wrong with it.
 * @param sizes bytes of each file of the payload
 */
export function readInfo(
  text: string,
  sizes: readonly number[],
): { readonly info: readonly TagEntry[]; readonly findings: readonly Finding[] } {
  const { entries, wrong } = tagEntries(text);
  const findings: Finding[] = [];
  if (wrong) {
    const message = `Line ${wrong.number} of bag-info.txt is not a label, a colon and a value.`;
    findings.push(finding('bag-info', message, { file: 'bag-info.txt', line: wrong.number }));
  }
  const [sum, second] = entries.filter(({ label }) => label.toLowerCase() === 'payload-oxum');
  if (second) {
    const message = 'bag-info.txt has more than one Payload-Oxum.';
    findings.push(finding('bag-info', message, { file: 'bag-info.txt', line: second.line }));
  }
  if (sum) findings.push(...oxumFindings(sum, sizes));
  return { info: entries, findings };
}

function oxumFindings({ value, line }: TagEntry, sizes: readonly number[]): Finding[] {
  const place = { file: 'bag-info.txt', line };
  const match = /^(\d+)\.(\d+)$/.exec(value);
  if (!match) {
    const message = `Payload-Oxum is “${value}”; it is a size and a number of files, as 279164.3.`;
    return [finding('bag-info', message, place)];
  }
  const found = `${sizes.reduce((total, size) => total + size, 0)}.${sizes.length}`;
  if (found === `${Number(match[1])}.${Number(match[2])}`) return [];
  return [finding('oxum', `Payload-Oxum says ${value}, and the payload has ${found}.`, place)];
}
