import type { Severity } from '../graylog.ts';

/** Something that was heard of, and where: no two have the same `key`. */
export interface Heard {
  /** Tells it from everything else that is heard; the same when it is heard again. */
  readonly key: string;
  /** Where it was heard, for people and programs. */
  readonly place: Readonly<Record<string, string | number>>;
  readonly bytes: Uint8Array | null;
}

/** How a source is. All times are in milliseconds since 1970. */
export interface SourceHealth {
  readonly isConnected: boolean;
  /** When it last gave a sign of life. */
  readonly lastSign: number | undefined;
  /** Milliseconds after which one without a sign of life is not well. */
  readonly patienceMs: number;
  /** What was not read yet, as far as it is known: messages, or files that do not rest yet. */
  readonly lag: number | undefined;
  /** How often it was begun anew because it stood still. */
  readonly restarts: number;
  readonly isPaused: boolean;
}

/** What was heard says. */
export type Announced =
  | {
      readonly kind: 'file';
      /** Absolute, or below the data directory. */
      readonly file: string;
      /** What a person may know it by. */
      readonly tag?: string | undefined;
      /** The message as the Python ingestor keeps it beside the data. */
      readonly message?: string | undefined;
    }
  /** Whoever wrote the file says that it is not what it should be. */
  | { readonly kind: 'failed-writing'; readonly file: string }
  /** Nothing for an ingestor. */
  | { readonly kind: 'other' }
  /** It should have been understood, and cannot be. */
  | { readonly kind: 'damaged'; readonly reason: string };

/**
 * Where one hears of new files. What it hears it hands on, one after the other, and counts it as heard only when that is
 * recorded; what was not recorded is heard again.
 */
export interface Source {
  /** @throws Error where it cannot be reached */
  start(): Promise<void>;
  health(): SourceHealth;
  /**
   * Finds out what will never be heard again.
   * @returns whether that is sure of something that was heard, by its key; false of what others heard
   * @throws Error where it cannot be found out
   */
  gone(): Promise<(key: string) => boolean | Promise<boolean>>;
  /** Counts what is recorded as heard, and leaves. */
  stop(): Promise<void>;
}

/** Says something for a log; news unless it is worse. */
export type Say = (text: string, severity?: Severity) => void;

/** What a source is given. */
export interface SourceOptions {
  /** Records what was heard; false where there is no room now, so that it is to be handed on again later. */
  readonly take: (heard: Heard) => Promise<boolean>;
  /** News for a log; never a secret. */
  readonly say: Say;
  /** It stands still for good: the process should end, and be begun anew. */
  readonly onDead: (reason: string) => void;
}
