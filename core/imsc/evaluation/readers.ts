import type { DialectName } from '../language/dialects.ts';
import type { Quantity, Value } from '../values/values.ts';

/** Says why a thing cannot be asked; what depends on it is unknown, not wrong. */
export interface Unavailable {
  readonly unavailable: string;
}

/** What an evaluation reads from. */
export interface EvaluationContext {
  readonly data: DataReader | Unavailable;
  readonly catalogue: CatalogueReader | Unavailable;
  /** Values of the built-in variables; those that are missing are unknown. */
  readonly builtIns: Readonly<Partial<Record<string, string>>>;
  /** Why those that are missing are unknown; absent: they are only known in a run. */
  readonly noBuiltIn?: string;
  /** The dialect where the schema names none. */
  readonly dialect?: DialectName | undefined;
  readonly signal?: AbortSignal;
}

/** Something that depends on what could not be asked; readers throw it too, for what they may not ask. */
export class NotKnown extends Error {}

/** Where the NeXus file's values come from; the pipeline implements it on an open file. */
export interface DataReader {
  /**
   * Reads one value of the kind that `valueType` asks for; what is known already is given at once.
   * @throws ReadFailure with what is wrong with the path or the data
   */
  read(path: string, valueType: string): Reading | Promise<Reading>;
}

export interface Reading extends Quantity {
  /** The datasets that were read, absolute; several for a wildcard. */
  readonly paths: readonly string[];
  /** What was passed over, in words; empty for none. */
  readonly notes: readonly string[];
  /** True where the unit comes from the file, not from the schema. */
  readonly unitFromFile: boolean;
}

/** Where values from SciCat come from; the pipeline implements it on a connection. */
export interface CatalogueReader {
  /**
   * The answer to a GET.
   * @param url absolute, or relative to the SciCat instance
   * @throws ReadFailure if there is no good answer
   */
  get(url: string): Promise<{ readonly url: string; readonly answer: Value }>;
}

/** A value that could not be had; `code` tells the reasons apart, the message is for people. */
export class ReadFailure extends Error {
  override readonly name = 'ReadFailure';
  readonly code: ReadFailureCode;
  constructor(code: ReadFailureCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type ReadFailureCode =
  | 'path-missing'
  | 'path-is-group'
  | 'path-unreadable'
  | 'wrong-data'
  | 'file-unreadable'
  /** The file was not read in time, or changed, or the disk failed: another time there may be a value. */
  | 'reader-failed'
  | 'scicat-failed'
  | 'scicat-forbidden'
  | 'answer-without-field';
