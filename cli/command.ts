import type { Terminal } from './terminal.ts';

/** What a command is called with. */
export interface Invocation {
  readonly terminal: Terminal;
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  /** What stood on the command line and is not an option of the command itself: options of the configuration. */
  readonly rest: readonly string[];
  /** Each option that the command itself has, as `--name`. */
  readonly flags: readonly string[];
}

export type CommandAction = (invocation: Invocation) => Promise<number>;
