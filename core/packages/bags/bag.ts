import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { unreadableFile } from '../../files/fileError.ts';
import { digestFiles } from '../../files/fileHasher.ts';
import { budget } from '../../limits/budget.ts';
import { bagAlgorithms } from './bagAlgorithms.ts';
import { manifestAlgorithm, readManifest } from './manifest.ts';
import type { Listed, Manifest } from './manifest.ts';
import { nameFindings } from './nameFindings.ts';
import { finding } from '../rules.ts';
import type { Finding, PackageCode } from '../rules.ts';
import { decodeText, readDeclaration } from './tagFile.ts';
import type { TagEntry } from './tagFile.ts';
import { fetchFindings, readInfo } from './tagFindings.ts';
import { walkFolder } from '../walk.ts';
import type { FoundFile } from '../walk.ts';

export interface BagOptions {
  /** Refuses checksums that can be forged, instead of warning of them. */
  readonly strictChecksums?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: BagProgress) => void) | undefined;
}

export interface BagProgress {
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

export interface BagReport {
  /** Whether all that is required and listed is there, all that is there is listed, and all is well-formed. */
  readonly complete: boolean;
  /** Complete, and every checksum and the Payload-Oxum match. */
  readonly valid: boolean;
  /** As bagit.txt says, `1.0`. */
  readonly version: string | undefined;
  /** Of the manifests of the payload, best first. */
  readonly algorithms: readonly string[];
  /** bag-info.txt */
  readonly info: readonly TagEntry[];
  /** Files of the payload, from the bag's folder on. */
  readonly payload: readonly FoundFile[];
  readonly findings: readonly Finding[];
}

/** What a bag can be complete with, and not valid. */
const ofContent: ReadonlySet<PackageCode> = new Set(['checksum', 'oxum']);

/** Whether a folder says that it is a bag, sound or not. */
export async function isBag(folder: string): Promise<boolean> {
  return lstat(path.join(folder, 'bagit.txt')).then(
    (found) => found.isFile(),
    () => false,
  );
}

/**
 * Checks a bag (RFC 8493 and the drafts before it): complete first, then valid. Every mistake is in `findings`, not the
 * first alone. Nothing is fetched, no link is followed.
 * @throws FileError `file-unreadable`, `file-changed`; the signal's reason when aborted
 */
export async function checkBag(folder: string, options: BagOptions = {}): Promise<BagReport> {
  return new BagCheck(folder, options).run();
}

class BagCheck {
  readonly #folder: string;
  readonly #options: BagOptions;
  readonly #findings: Finding[] = [];
  readonly #files = new Map<string, FoundFile>();
  /** What manifests list and is not there. */
  readonly #missing = new Set<string>();
  /** Names whose letters are composed in another way than NFC has them, by how that has them. */
  readonly #composed = new Map<string, string>();

  constructor(folder: string, options: BagOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  async run(): Promise<BagReport> {
    await this.#listFiles();
    const declared = await this.#declaration();
    if (!declared) return this.#report({ version: undefined, manifests: [], info: [] });
    const { version, isStrict, encoding } = declared;
    const texts = await this.#readTagFiles(encoding);
    const manifests = this.#manifests(texts, 'manifest', isStrict);
    const tagManifests = this.#manifests(texts, 'tagmanifest', isStrict);
    this.#checkAlgorithms(manifests, tagManifests);
    const payload = this.#resolveAll(manifests, isStrict);
    this.#checkPayload(payload, isStrict);
    const tags = this.#resolveAll(tagManifests, isStrict);
    this.#checkTagManifests(tagManifests);
    this.#tell(fetchFindings(texts.get('fetch.txt') ?? '', (file) => this.#files.has(file)));
    this.#tell(nameFindings(this.#payloadNames()));
    const { info, findings } = readInfo(
      texts.get('bag-info.txt') ?? '',
      this.#payload().flatMap(({ kind, size }) => (kind === 'file' ? [size] : [])),
    );
    this.#tell(findings);
    await this.#checkContent([...payload, ...tags]);
    return this.#report({ version, manifests, info });
  }

  #report(known: {
    readonly version: string | undefined;
    readonly manifests: readonly Manifest[];
    readonly info: readonly TagEntry[];
  }): BagReport {
    const errors = this.#findings.filter(({ severity }) => severity === 'error');
    const complete = errors.every(({ code }) => ofContent.has(code));
    const order = [...bagAlgorithms.keys()];
    const algorithms = [...new Set(known.manifests.map(({ algorithm }) => algorithm))];
    return {
      complete,
      valid: errors.length === 0,
      version: known.version,
      algorithms: algorithms.sort((one, other) => order.indexOf(one) - order.indexOf(other)),
      info: known.info,
      payload: this.#payload().filter(({ kind }) => kind === 'file'),
      findings: this.#findings,
    };
  }

  #tell(findings: readonly Finding[]): void {
    for (const found of findings) this.#findings.push(found);
  }

  #payload(): FoundFile[] {
    return [...this.#files.values()].filter((file) => file.path.startsWith('data/'));
  }

  /** Of what is there, and of what is listed. */
  *#payloadNames(): Generator<string, void> {
    for (const names of [this.#files.keys(), this.#missing])
      for (const name of names) if (name.startsWith('data/')) yield name;
  }

  async #listFiles(): Promise<void> {
    try {
      for await (const file of walkFolder(this.#folder, this.#options.signal)) {
        this.#files.set(file.path, file);
        const composed = file.path.normalize('NFC');
        if (composed !== file.path) this.#composed.set(composed, file.path);
        if (file.kind === 'file') continue;
        const what = file.kind === 'symlink' ? 'a symbolic link' : 'neither a file nor a folder';
        const code = file.kind === 'symlink' ? 'symlink' : 'special-file';
        this.#findings.push(finding(code, `${file.path} is ${what}.`, { file: file.path }));
      }
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      throw unreadableFile(this.#folder, error);
    }
    const data = await lstat(path.join(this.#folder, 'data')).catch(() => undefined);
    if (data?.isDirectory() !== true)
      this.#findings.push(finding('no-data-folder', 'There is no folder data, which holds the payload of a bag.'));
  }

  async #bytesOf(name: string): Promise<Buffer | undefined> {
    const file = this.#files.get(name);
    if (file?.kind !== 'file') return undefined;
    if (file.size > budget.packages.tagFile) {
      this.#findings.push(finding('limit', `${name} is too large to be read.`, { file: name }));
      return undefined;
    }
    try {
      return await readFile(path.join(this.#folder, name));
    } catch (error) {
      throw unreadableFile(path.join(this.#folder, name), error);
    }
  }

  /** What bagit.txt says, or undefined if nothing else can be read without it. */
  async #declaration(): Promise<{ version: string; isStrict: boolean; encoding: string } | undefined> {
    const bytes = await this.#bytesOf('bagit.txt');
    if (!bytes) {
      this.#findings.push(finding('declaration', 'There is no bagit.txt, so this is not a bag.'));
      return undefined;
    }
    const { version, encoding, mistake } = readDeclaration(bytes);
    const tell = (why: string): void => {
      this.#findings.push(finding('declaration', `bagit.txt cannot be used: ${why}.`, { file: 'bagit.txt' }));
    };
    if (mistake !== undefined) tell(mistake);
    if (!version || encoding === undefined) return undefined;
    if (version[0] > 1) {
      tell(`version ${version.join('.')} is not known here`);
      return undefined;
    }
    return { version: version.join('.'), isStrict: version[0] >= 1, encoding };
  }

  /** The texts of the files beside data/ that have a meaning. */
  async #readTagFiles(encoding: string): Promise<Map<string, string>> {
    const texts = new Map<string, string>();
    if (decodeText(new Uint8Array(), encoding) === undefined) {
      const message = `bagit.txt names the encoding “${encoding}”, which is not known. Use UTF-8.`;
      this.#findings.push(finding('encoding', message, { file: 'bagit.txt', line: 2 }));
      return texts;
    }
    for (const name of this.#files.keys()) {
      if (name.includes('/') || !/^((tag)?manifest-[^/]*|bag-info|fetch)\.txt$/.test(name)) continue;
      const bytes = await this.#bytesOf(name);
      if (!bytes) continue;
      const text = decodeText(bytes, encoding);
      if (text === undefined) this.#findings.push(finding('encoding', `${name} is not ${encoding}.`, { file: name }));
      else texts.set(name, text);
    }
    return texts;
  }

  #manifests(texts: ReadonlyMap<string, string>, kind: 'manifest' | 'tagmanifest', isStrict: boolean): Manifest[] {
    const manifests: Manifest[] = [];
    for (const [name, text] of texts) {
      const algorithm = manifestAlgorithm(name, kind);
      if (algorithm === undefined) continue;
      if (name.includes('alder32')) {
        const message = `${name} is read as ${name.replace('alder32', 'adler32')}, which is how it is spelled.`;
        this.#findings.push(finding('misspelled-manifest', message, { file: name }));
      }
      const { manifest, findings } = readManifest(name, algorithm, text, isStrict);
      manifests.push(manifest);
      this.#tell(findings);
    }
    if (
      kind === 'manifest' &&
      manifests.length === 0 &&
      ![...this.#files.keys()].some((name) => manifestAlgorithm(name, 'manifest') !== undefined)
    ) {
      this.#findings.push(finding('no-manifest', 'There is no manifest of the payload, such as manifest-sha256.txt.'));
    }
    return manifests;
  }

  #checkAlgorithms(manifests: readonly Manifest[], tagManifests: readonly Manifest[]): void {
    const accepted = [...bagAlgorithms.keys()].join(', ');
    for (const { name, algorithm } of [...manifests, ...tagManifests]) {
      if (bagAlgorithms.has(algorithm)) continue;
      const message = `${name} holds checksums of a kind that is not known here; use one of ${accepted}.`;
      this.#findings.push(finding('algorithm', message, { file: name }));
    }
    const known = manifests.flatMap(({ algorithm }) => bagAlgorithms.get(algorithm) ?? []);
    if (known.length === 0 || known.some(({ weak }) => !weak)) return;
    const names = [...new Set(manifests.map(({ algorithm }) => algorithm))].join(' and ');
    const message = `The payload is protected by ${names} alone, which can be forged; write a bag with sha256 or sha512.`;
    this.#findings.push(finding(this.#options.strictChecksums === true ? 'algorithm' : 'weak-algorithm', message));
  }

  /** The lines of manifests with the files that they mean; what means none is told. */
  #resolveAll(manifests: readonly Manifest[], isStrict: boolean): Resolved[] {
    const resolved: Resolved[] = [];
    for (const manifest of manifests) {
      const seen = new Map<string, Listed>();
      for (const listed of manifest.listed) {
        const file = this.#fileFor(listed, manifest.name);
        const name = file?.path ?? listed.path;
        const before = seen.get(name);
        if (before) {
          const differs = before.digest !== listed.digest;
          const message = `${manifest.name} lists ${name} twice, with ${differs ? 'different' : 'equal'} checksums.`;
          const severity = isStrict || differs ? 'error' : 'warning';
          this.#findings.push(finding('duplicate', message, { severity, file: manifest.name, line: listed.line }));
        }
        seen.set(name, listed);
        if (file) resolved.push({ file: file.path, manifest, listed });
        else if (!this.#missing.has(name)) {
          this.#missing.add(name);
          const message = `${name} is listed by ${manifest.name} and is not there.`;
          this.#findings.push(finding('missing', message, { file: manifest.name, line: listed.line }));
        }
      }
    }
    return resolved;
  }

  #fileFor({ path: name, literal }: Listed, manifest: string): FoundFile | undefined {
    const exact = this.#files.get(name) ?? this.#files.get(literal);
    if (exact) return exact;
    const inNfc = name.normalize('NFC');
    const composed = this.#composed.get(inNfc) ?? inNfc;
    const found = this.#files.get(composed);
    if (!found) return undefined;
    const message = `${manifest} writes ${name} with other, equivalent characters than the file has.`;
    this.#findings.push(finding('normalization', message, { file: composed }));
    return found;
  }

  #checkPayload(lines: readonly Resolved[], isStrict: boolean): void {
    const manifests = [...this.#files.keys()].filter((name) => manifestAlgorithm(name, 'manifest') !== undefined);
    const listedBy = new Map(manifests.map((name): [string, Set<string>] => [name, new Set()]));
    for (const { file, manifest } of lines) listedBy.get(manifest.name)?.add(file);
    for (const { path: file, kind } of this.#payload()) {
      if (kind !== 'file') continue;
      const without = manifests.filter((name) => listedBy.get(name)?.has(file) !== true);
      if (without.length === manifests.length)
        this.#findings.push(finding('unlisted', `${file} is not listed by any manifest.`, { file }));
      else if (isStrict && without.length > 0) {
        const message = `${file} is not listed by ${without.join(', ')}; from version 1.0 on each manifest lists every file.`;
        this.#findings.push(finding('manifests-disagree', message, { file }));
      }
    }
  }

  #checkTagManifests(tagManifests: readonly Manifest[]): void {
    for (const { name, listed } of tagManifests) {
      for (const { path: file, line } of listed) {
        if (!file.startsWith('data/') && manifestAlgorithm(file, 'tagmanifest') === undefined) continue;
        const message = `${name} lists ${file}; a tag manifest lists the files beside data/, and no tag manifest.`;
        this.#findings.push(finding('tag-manifest', message, { file: name, line }));
      }
    }
  }

  /** Reads every listed file once and compares it with all of its checksums. */
  async #checkContent(lines: readonly Resolved[]): Promise<void> {
    const byFile = new Map<string, Resolved[]>();
    let bytesTotal = 0;
    for (const line of lines) {
      const found = this.#files.get(line.file);
      if (found?.kind !== 'file' || !bagAlgorithms.has(line.manifest.algorithm)) continue;
      const known = byFile.get(line.file);
      if (known) known.push(line);
      else {
        byFile.set(line.file, [line]);
        bytesTotal += found.size;
      }
    }
    const folder = this.#folder;
    const listed = this.#files;
    const files = (function* () {
      for (const [file, expected] of byFile)
        yield {
          path: path.join(folder, file),
          size: listed.get(file)?.size,
          algorithms: [...new Set(expected.map(({ manifest }) => manifest.algorithm))],
          expected,
        };
    })();
    const { signal, onProgress } = this.#options;
    const tell =
      onProgress &&
      ((bytesDone: number) => {
        onProgress({ bytesDone, bytesTotal });
      });
    for await (const { file, digests } of digestFiles(files, { signal, onProgress: tell })) {
      for (const { file: name, manifest, listed } of file.expected) {
        const actual = digests[file.algorithms.indexOf(manifest.algorithm)];
        if (actual === undefined || actual === listed.digest) continue;
        const message = `The ${manifest.algorithm} of ${name} is ${actual}, and ${manifest.name} says ${listed.digest}.`;
        this.#findings.push(finding('checksum', message, { file: name, line: listed.line }));
      }
    }
  }
}

/** A line of a manifest with the file that it means. */
interface Resolved {
  readonly file: string;
  readonly manifest: Manifest;
  readonly listed: Listed;
}
