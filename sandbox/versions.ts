/** Behaviour in which versions of SciCat differ, as far as an ingestor meets it. */
export interface VersionTraits {
  /** How a dataset gets its totals when an origDatablock is added: `increment` adds to whatever is stored. */
  readonly sizes: 'recompute' | 'increment';
  /** Most blocks that are added up, by version of the API. */
  readonly summedBlocks: { readonly v3: number; readonly v4: number };
  /** An expired token is answered with 401 SESSION_EXPIRED; otherwise it counts as nobody. */
  readonly sessionExpired: boolean;
  /** Which texts in v3 filters are silently turned into dates. */
  readonly dateCoercion: 'none' | 'lenient' | 'iso';
  /** isValid of v3 datasets gives a reason. */
  readonly isValidReason: boolean;
  /** What a scientificMetadata item that is null does; the dataset is saved in each case. */
  readonly nullMetadata: 'accepted' | 'dies' | 'fails';
  readonly relationshipKey: 'pid' | 'identifier';
  /** Files may carry metadata. */
  readonly fileMetadata: boolean;
  /** Samples must have a sampleName, which older versions refuse. */
  readonly sampleName: boolean;
  /** What an update with If-Unmodified-Since is told when the dataset was changed since; `undefined`: the header is ignored. */
  readonly changedText: ((pid: string, since: Date) => string) | undefined;
}

const v426: VersionTraits = {
  sizes: 'recompute',
  summedBlocks: { v3: 100, v4: 10 },
  sessionExpired: false,
  dateCoercion: 'none',
  isValidReason: false,
  nullMetadata: 'accepted',
  relationshipKey: 'pid',
  fileMetadata: false,
  sampleName: false,
  changedText: undefined,
};
const v427: VersionTraits = {
  ...v426,
  dateCoercion: 'lenient',
  changedText: () => 'Resource has been modified on server',
};
const v51: VersionTraits = {
  ...v427,
  dateCoercion: 'iso',
  isValidReason: true,
  nullMetadata: 'dies',
  relationshipKey: 'identifier',
};
const v52: VersionTraits = {
  ...v51,
  summedBlocks: { v3: Number.POSITIVE_INFINITY, v4: 10 },
  sessionExpired: true,
  nullMetadata: 'fails',
  fileMetadata: true,
  sampleName: true,
  changedText: (pid, since) => `Dataset #${pid} has been modified on the server since ${since.toUTCString()}.`,
};

/** The versions that the sandbox can stand in for; `5.1` also stands for 4.28 to 5.1, `master` for what follows 5.2. */
export const versions = {
  '4.26': v426,
  '4.27': v427,
  '5.1': v51,
  '5.2': v52,
  master: { ...v52, sizes: 'increment' },
} as const satisfies Readonly<Record<string, VersionTraits>>;

export type SandboxVersion = keyof typeof versions;
