import type { Argument, Option } from 'commander';
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

/** A command, as help shows it. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly usage?: string;
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  /** True where every option of the configuration may stand as `--section.option`. */
  readonly takesConfig?: boolean;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  /** What the exit codes 0, 1 and 2 mean, where that is more than what they mean for every command. */
  readonly exits?: readonly [done: string, failed: string, usage: string];
  /** Loads what the command needs, and nothing else. */
  readonly load: () => Promise<CommandAction>;
}
