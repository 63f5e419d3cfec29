import path from 'node:path';
import { glob, isPattern, isThere, unwatch, watch } from '../../core/files/host/host.ts';
import type { TextRange } from '../../core/problems/problem.ts';
import { selects } from '../../core/imsc/schema/selector.ts';
import { fileOf, normalUri } from '../documents/documentKind.ts';
import type { ChosenSample } from '../protocol.ts';
import { memberOf } from '../settings.ts';
import type { SettingsReader } from '../settings.ts';
import type { Snapshot } from '../documents/snapshot.ts';
import type { Workspace } from '../documents/workspace.ts';

/** Sample files that one schema is looked at with, at most. */
const mostSamples = 8;
/** How long a list of globbed files holds, in milliseconds. */
const listingAge = 5000;
/** How often a sample in use is looked at, in milliseconds; works on network file systems too. */
const pollInterval = 2000;

/** The sample files of a schema and who named them. */
export interface SampleFiles {
  readonly origin: 'chosen' | 'comment' | 'setting' | 'none';
  /** Absolute paths; the first gives the values that are shown. */
  readonly files: readonly string[];
  /** Where the schema's text names them. */
  readonly places: ReadonlyMap<string, TextRange>;
}

/** A comment `# imsc-sample: path` of a schema. */
export interface SampleComment {
  /** As it is written. */
  readonly path: string;
  /** Absolute; undefined where there is nothing that it could be relative to. */
  readonly file: string | undefined;
  /** Of the path in the text. */
  readonly range: TextRange;
}

/** Knows which NeXus files show what a schema gives: chosen by command, named in a comment, or set for the folder. */
export class Samples {
  readonly #settings: SettingsReader;
  readonly #workspace: Workspace;
  readonly #changed: (file: string) => void;
  readonly #chosen = new Map<string, string>();
  readonly #listings = new Map<string, { readonly files: Promise<string[]>; readonly at: number }>();
  readonly #watched = new Set<string>();
  trusted: boolean;

  /** @param changed called when a sample that was asked for has another content */
  constructor(settings: SettingsReader, workspace: Workspace, options: unknown, changed: (file: string) => void) {
    this.#settings = settings;
    this.#workspace = workspace;
    this.#changed = changed;
    this.trusted = memberOf(options, 'trusted') !== false;
    for (const { uri, file } of chosenFrom(memberOf(options, 'chosenSamples'))) this.choose(uri, file);
  }

  /** Chooses a file for one schema; null leaves it to comment and setting again. */
  choose(uri: string, file: string | null): void {
    if (file === null) this.#chosen.delete(normalUri(uri));
    else this.#chosen.set(normalUri(uri), path.resolve(file));
  }

  async of(snapshot: Snapshot): Promise<SampleFiles> {
    const chosen = this.#chosen.get(normalUri(snapshot.uri));
    if (chosen !== undefined) return { origin: 'chosen', files: [chosen], places: new Map() };
    const places = new Map<string, TextRange>();
    for (const { file, range } of sampleComments(snapshot, this.#workspace)) if (file) places.set(file, range);
    if (places.size > 0) return { origin: 'comment', files: [...places.keys()].slice(0, mostSamples), places };
    const { samples } = await this.#settings.of(snapshot.uri);
    const base = this.#workspace.folderOf(snapshot.uri) ?? this.#folderOf(snapshot.uri);
    if (samples.length === 0 || base === undefined) return { origin: 'none', files: [], places };
    const lists = await Promise.all(samples.map((pattern) => this.#matching(base, pattern)));
    const files = filesFor(snapshot, [...new Set(lists.flat())]).slice(0, mostSamples);
    return { origin: files.length > 0 ? 'setting' : 'none', files, places };
  }

  /** Looks at a sample from time to time until it is released. */
  watch(file: string): void {
    if (this.#watched.has(file)) return;
    this.#watched.add(file);
    watch(file, pollInterval, () => {
      this.#changed(file);
    });
  }

  /** Stops looking at all but these. */
  keepWatching(files: ReadonlySet<string>): void {
    for (const file of this.#watched) {
      if (files.has(file)) continue;
      unwatch(file);
      this.#watched.delete(file);
    }
  }

  /** Files came or went. */
  filesChanged(): void {
    this.#listings.clear();
  }

  #folderOf(uri: string): string | undefined {
    const file = fileOf(uri);
    return file === undefined ? this.#workspace.folders[0] : path.dirname(file);
  }

  #matching(folder: string, pattern: string): Promise<string[]> {
    const literal = path.resolve(folder, pattern);
    if (!isPattern(pattern) || isThere(literal)) return Promise.resolve([literal]);
    const key = `${folder}\n${pattern}`;
    const known = this.#listings.get(key);
    if (known && Date.now() - known.at < listingAge) return known.files;
    const files = glob([pattern.replaceAll('\\', '/')], { cwd: folder }).catch(() => []);
    this.#listings.set(key, { files, at: Date.now() });
    return files;
  }
}

/** The sample comments of a schema, in the order of the text. */
export function sampleComments(snapshot: Snapshot, workspace: Workspace): SampleComment[] {
  const own = fileOf(snapshot.uri);
  const folder = own === undefined ? workspace.folders[0] : path.dirname(own);
  return snapshot.tree.comments.flatMap(({ range }): SampleComment[] => {
    const text = snapshot.textOf(range);
    const match = /imsc-sample:[ \t]*(\S[^\r\n]*?)[ \t]*(?:\*\/)?\r?$/m.exec(text);
    const written = match?.[1];
    if (match === null || written === undefined) return [];
    const start = range.start + match.index + match[0].indexOf(written);
    const file = folder === undefined && !path.isAbsolute(written) ? undefined : path.resolve(folder ?? '', written);
    return [{ path: written, file, range: { start, end: start + written.length } }];
  });
}

/**
 * Of the samples that are set for a folder those that the schema is for: a folder often holds schemas and files of
 * several instruments. Where its selector takes none of them, all are looked at.
 */
function filesFor({ schema: { selector } }: Snapshot, files: readonly string[]): readonly string[] {
  const selected = selector ? files.filter((file) => selects(selector, file)) : [];
  return selected.length > 0 ? selected : files;
}

function chosenFrom(value: unknown): ChosenSample[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    const uri = memberOf(item, 'uri');
    const file = memberOf(item, 'file');
    return typeof uri === 'string' && typeof file === 'string' ? [{ uri, file }] : [];
  });
}
