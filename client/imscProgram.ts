import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { l10n, workspace } from 'vscode';
import type { CancellationToken, LogOutputChannel } from 'vscode';
import type { JsonRecord } from './json.ts';
import { numberAt, parseRecord, textAt } from './json.ts';

export interface ImscProgress {
  readonly text: string;
  /** From 0 to 1, where it is known. */
  readonly fraction: number | undefined;
}

export interface ImscCall {
  /** Never a token or password: those go into `secrets`. */
  readonly args: readonly string[];
  readonly workingDirectory?: string | undefined;
  /** What the process reads from its standard input. */
  readonly input?: string | undefined;
  /** Variables of the environment of the process. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Cancelling interrupts the process, which then ends between two steps. */
  readonly cancellation?: CancellationToken | undefined;
  readonly onProgress?: (progress: ImscProgress) => void;
  /** Told each line of the log. */
  readonly onLine?: (line: string) => void;
}

export interface ImscAnswer {
  /** 0 done, 1 failed, 2 wrong usage or configuration; null if it was killed. */
  readonly exitCode: number | null;
  /** The JSON document of the command as text, and read; undefined if it printed none. */
  readonly text: string;
  readonly document: JsonRecord | undefined;
  /** The last lines of its log. */
  readonly lastLines: readonly string[];
}

const linesKept = 20;

/** The command line of this project, run as processes of their own with `--json`. */
export class ImscProgram {
  /** Whether there is one: not in a browser. */
  readonly isHere: boolean = true;
  readonly #file: string;
  readonly #log: LogOutputChannel;

  /** @param file absolute path of the built program */
  constructor(file: string, log: LogOutputChannel) {
    this.#file = file;
    this.#log = log;
  }

  /** Starts a command whose end nobody waits for, tied to this process: it ends when this one goes away. */
  start(call: ImscCall): ChildProcess {
    return this.#spawn([...call.args, '--json'], call, true);
  }

  /** Runs a command that tells JSON line by line, until it is disposed of. */
  follow(call: ImscCall, onRecord: (record: JsonRecord) => void): { readonly dispose: () => void } {
    const child = this.start(call);
    // That it cannot be started shows wherever something is asked of it.
    child.on('error', () => undefined);
    child.stderr?.resume();
    if (child.stdout)
      onLines(child.stdout.setEncoding('utf8'), (line) => {
        const record = parseRecord(line);
        if (record) onRecord(record);
      });
    return {
      dispose: () => {
        if (child.connected) child.disconnect();
      },
    };
  }

  /** Runs a command to its end. Rejects only if the program cannot be started. */
  async run(call: ImscCall): Promise<ImscAnswer> {
    const child = this.#spawn([...call.args, '--json', '--progress', 'json'], call, false);
    const subscription = call.cancellation?.onCancellationRequested(() => child.kill('SIGINT'));
    if (call.cancellation?.isCancellationRequested) child.kill('SIGINT');
    const lastLines: string[] = [];
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => (text += part));
    const stderr = child.stderr?.setEncoding('utf8');
    if (stderr) {
      onLines(stderr, (line) => {
        const data = line.startsWith('{"progress"') ? parseRecord(line) : undefined;
        const progress = textAt(data, 'progress');
        if (progress !== undefined) {
          call.onProgress?.({ text: progress, fraction: numberAt(data, 'fraction') });
          return;
        }
        this.#log.info(line);
        lastLines.push(line);
        if (lastLines.length > linesKept) lastLines.shift();
        call.onLine?.(line);
      });
    }
    try {
      const exitCode = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', resolve);
      });
      return { exitCode, text, document: parseRecord(text), lastLines };
    } finally {
      subscription?.dispose();
    }
  }

  #spawn(args: readonly string[], { workingDirectory, input, secrets = {} }: ImscCall, tied: boolean): ChildProcess {
    // Whoever calls has looked already; that nothing is read, sent or written without trust is decided here.
    if (!workspace.isTrusted) throw new Error(l10n.t('This waits until you trust the workspace. Nothing was done.'));
    if (!existsSync(this.#file)) throw new Error(l10n.t('The program is not there: {0}', this.#file));
    this.#log.debug(`imsc ${args.join(' ')}`);
    const child = spawn(process.execPath, [this.#file, ...args], {
      ...(workingDirectory !== undefined && { cwd: workingDirectory }),
      // The extension host may be Electron, which is Node only if it is told so.
      env: { ...ownEnvironment(), ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1', ...secrets },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...(tied ? ['ipc' as const] : [])],
      windowsHide: true,
    });
    // A process that ends before it has read everything says itself why.
    child.stdin?.on('error', () => undefined).end(input);
    return child;
  }
}

/** The environment without its secrets: which SciCat they were given for is not known, and a file may name any. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  delete environment['SCICAT_TOKEN'];
  delete environment['SCICAT_PASSWORD'];
  return environment;
}

/** What a process without a result said last: its error, if there is one among its last lines. */
export function lastWords({ lastLines }: Pick<ImscAnswer, 'lastLines'>): string {
  const said = lastLines.findLast((line) => /^(?:\w*Error|error)\b/.test(line)) ?? lastLines.at(-1);
  return said ?? l10n.t('The process ended without saying why.');
}

/** Calls the listener with each whole line of a stream. */
function onLines(stream: NodeJS.ReadableStream, listener: (line: string) => void): void {
  let rest = '';
  stream.on('data', (part: string) => {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') listener(line);
  });
  stream.on('end', () => {
    if (rest.trim() !== '') listener(rest);
  });
}
