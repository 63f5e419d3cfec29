import { bagAlgorithms } from './bagAlgorithms.ts';
import { memberPathMistake } from '../paths.ts';
import { finding } from '../rules.ts';
import type { Finding } from '../rules.ts';
import { linesOf } from './tagFile.ts';

/** One line of a manifest. */
export interface Listed {
  /** As it stands there, without marks, `./` and escapes. */
  readonly path: string;
  /** Where escapes may also be part of a name: the path with them. */
  readonly literal: string;
  readonly digest: string;
  readonly line: number;
}

export interface Manifest {
  /** Name of the manifest's file. */
  readonly name: string;
  readonly algorithm: string;
  readonly listed: readonly Listed[];
}

/**
 * The algorithm that a manifest is named after, or undefined if the name is not a manifest's.
 * @param kind `manifest` for the payload, `tagmanifest` for the other files
 */
export function manifestAlgorithm(name: string, kind: 'manifest' | 'tagmanifest'): string | undefined {
  const match = /^(manifest|tagmanifest)-([A-Za-z0-9-]+)\.txt$/.exec(name);
  if (match?.[1] !== kind) return undefined;
  const algorithm = (match[2] ?? '').toLowerCase().replace(/^sha-(\d+)$/, 'sha$1');
  return algorithm === 'alder32' ? 'adler32' : algorithm;
}

/** Why a path may not stand in a manifest: `~` and `%` at the beginning are folders of a user somewhere. */
export function pathMistake(path: string): string | undefined {
  return /^[~%]/.test(path) ? 'it does not begin inside of the bag' : memberPathMistake(path);
}

/** The escapes of line ends; from version 1.0 on, of the per cent sign too (RFC 8493, 2.1.3). */
function unescape(path: string, isStrict: boolean): string {
  const escapes = isStrict ? /%(0a|0d|25)/gi : /%(0a|0d)/gi;
  return path.replace(escapes, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/**
 * Reads a manifest.
 * @param isStrict whether the bag is of version 1.0 or later
 */
export function readManifest(
  name: string,
  algorithm: string,
  text: string,
  isStrict: boolean,
): { readonly manifest: Manifest; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const listed: Listed[] = [];
  const told = new Set<string>();
  const once = (found: Finding): void => {
    if (!told.has(found.code)) findings.push(found);
    told.add(found.code);
  };
  const isPayload = manifestAlgorithm(name, 'manifest') !== undefined;
  const digits = bagAlgorithms.get(algorithm)?.digits;
  for (const { text: line, number } of linesOf(text)) {
    if (line.trim() === '' && !isStrict) continue;
    const match = /^([0-9a-fA-F]+)[ \t]+(\S.*)$/s.exec(line);
    const digest = match?.[1]?.toLowerCase() ?? '';
    let path = match?.[2] ?? '';
    if (!match || (digits !== undefined && digest.length !== digits)) {
      const what = match ? `a ${algorithm} of ${digest.length} digits instead of ${digits ?? 0}` : 'no digest and path';
      findings.push(finding('manifest-line', `Line ${number} of ${name} has ${what}.`, { file: name, line: number }));
      continue;
    }
    if (isPayload ? /^\*(\.\/)?data\//.test(path) : path.startsWith('*')) {
      path = path.slice(1);
      once(finding('md5sum-mark', `The paths of ${name} are marked with “*”, as md5sum does.`, { file: name }));
    }
    if (!isStrict && path.startsWith('./')) {
      path = path.replace(/^(\.\/+)+/, '');
      once(finding('dot-slash', `The paths of ${name} begin with “./”.`, { file: name }));
    }
    const mistake = pathMistake(path) ?? (isPayload && !path.startsWith('data/') ? 'it is not below data/' : undefined);
    if (mistake !== undefined) {
      const message = `Line ${number} of ${name} names “${path}”: ${mistake}.`;
      findings.push(finding('path', message, { file: name, line: number }));
      continue;
    }
    listed.push({ path: unescape(path, isStrict), literal: path, digest, line: number });
  }
  return { manifest: { name, algorithm, listed }, findings };
}
