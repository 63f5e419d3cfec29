import type { Element } from '../hdf5/values/element.ts';

/** What a NeXus file tells of itself, as plain data: the same whether it was read here or in a worker. */

export type ElementType =
  | { readonly kind: 'integer'; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean }
  | { readonly kind: 'float'; readonly bits: 16 | 32 | 64 | 128 }
  | {
      readonly kind: 'string';
      readonly length: number | 'variable';
      readonly padding: 'null-terminated' | 'null-padded' | 'space-padded';
    }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'enum'; readonly members: readonly (readonly [name: string, value: bigint])[] }
  | { readonly kind: 'compound'; readonly fields: readonly { readonly name: string; readonly type: ElementType }[] }
  | { readonly kind: 'other'; /** e.g. `reference`, `opaque`, `vlen`, `array` */ readonly name: string };

export type { Element };

export interface NexusAttribute {
  readonly type: ElementType;
  /** `[]` for a scalar, null for a null dataspace. */
  readonly shape: readonly number[] | null;
  /** In row-major order; strings decoded (UTF-8, else Latin-1). */
  readonly elements: readonly Element[];
}

export interface NexusGroup {
  readonly kind: 'group';
  readonly path: string;
  readonly nxClass: string | undefined;
}

export interface NexusDataset {
  readonly kind: 'dataset';
  readonly path: string;
  readonly type: ElementType;
  /** Lengths of the dimensions, slowest first; `[]` for a scalar, null for a null dataspace. */
  readonly shape: readonly number[] | null;
  /** The `units` attribute as text, however it is stored; undefined without one. */
  readonly units: string | undefined;
}

/** A link that leads nowhere (its file or its target is missing). */
export interface NexusBrokenLink {
  readonly kind: 'broken-link';
  readonly path: string;
  /** Where it points, e.g. `other.h5:/entry/data`. */
  readonly target: string;
  /** Why it is not followed, where there might be something. */
  readonly refused?: string;
}

export type NexusNode = NexusGroup | NexusDataset | NexusBrokenLink;

export interface NexusData {
  readonly dataset: NexusDataset;
  /** In row-major order, `limit` elements at most. */
  readonly elements: readonly Element[];
  /** True where `limit` cut the elements short. */
  readonly truncated: boolean;
  /** True where a string was no valid UTF-8 (its text is then read as Latin-1). */
  readonly invalidUtf8: boolean;
}

export type NexusErrorCode =
  | 'file-missing'
  | 'file-not-readable'
  | 'file-not-hdf5'
  | 'file-damaged'
  | 'file-being-written'
  | 'file-changed'
  | 'path-missing'
  | 'path-is-group'
  | 'path-not-a-group'
  | 'broken-link'
  | 'unreadable-data'
  | 'wildcard-too-slow'
  | 'too-large'
  /** No answer in the time that was given for it. */
  | 'too-slow'
  /** The thread that reads ended or did not answer, because of this file. */
  | 'reader-crashed'
  /** There is no thread that reads. */
  | 'no-reader';

/** A file or a path that cannot be read, in words for a person. `path` is the NeXus path, if it is about one. */
export class NexusError extends Error {
  override readonly name = 'NexusError';
  readonly code: NexusErrorCode;
  readonly path: string | undefined;
  constructor(code: NexusErrorCode, message: string, path?: string) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

/** Whether an error tells of an object in a file; else it tells that the file was not read, and nothing of what is in it. */
export function isOfObject(error: unknown): error is NexusError {
  if (!(error instanceof NexusError)) return false;
  const { code } = error;
  return code.startsWith('path-') || code === 'broken-link' || code === 'unreadable-data' || code === 'too-large';
}

/** What to say of a link that leads nowhere. @param asked the path that was asked for, which may go on behind the link */
export function brokenLinkError({ path, target, refused }: Omit<NexusBrokenLink, 'kind'>, asked = path): NexusError {
  const why = refused === undefined ? 'which is not there' : `which is not followed: ${refused}`;
  return new NexusError('broken-link', `${path} is a link to ${target}, ${why}.`, asked);
}

/** How the values of a dataset lie in the file. */
export interface NexusStorage {
  readonly layout: 'compact' | 'contiguous' | 'chunked' | 'virtual' | 'external';
  /** Lengths of a chunk along each axis. */
  readonly chunk?: readonly number[];
  /** What the values went through before they were stored, e.g. `shuffle` and `deflate 4`. */
  readonly filters: readonly string[];
}

/** A child of a group with as much as is known without reading it. */
export interface NexusEntry {
  readonly path: string;
  readonly kind: NexusNode['kind'];
}

export interface ChildrenPage {
  readonly total: number;
  /** In the order that h5py gives: by name (bytes), or by creation where the group tracks it. */
  readonly names: readonly string[];
}

/** An open NeXus file. All methods throw NexusError, and nothing else, for whatever the file holds. */
export interface NexusFile {
  readonly path: string;
  /** @param path absolute NeXus path; a leading slash may be missing; double and trailing slashes are ignored. */
  describe(path: string): Promise<NexusNode>;
  /** Names in one group, `limit` of them from `offset`. */
  childNames(path: string, page?: { readonly offset: number; readonly limit: number }): Promise<ChildrenPage>;
  /** Children with their kinds, in pages: for searches and walks, where `children` takes several times as long. */
  childKinds(
    path: string,
    page?: { readonly offset: number; readonly limit: number },
  ): Promise<{ readonly total: number; readonly nodes: readonly NexusEntry[] }>;
  /** Children with type, shape and units, in pages. */
  children(
    path: string,
    page?: { readonly offset: number; readonly limit: number },
  ): Promise<{ readonly total: number; readonly nodes: readonly NexusNode[] }>;
  /** Reads a dataset; groups, missing paths and unreadable data throw. @param limit elements at most (default: all). */
  read(path: string, limit?: number): Promise<NexusData>;
  attributes(path: string): Promise<ReadonlyMap<string, NexusAttribute>>;
  /** How the values of a dataset are stored. */
  storage(path: string): Promise<NexusStorage>;
  /** What names the object behind a path, the same for each of its names and for no other object. */
  identity(path: string): Promise<string>;
  close(): Promise<void>;
}
