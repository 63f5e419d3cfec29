import type { ChildProcess } from 'node:child_process';
import { commands, EventEmitter, l10n } from 'vscode';
import type { Disposable, Event, LogOutputChannel } from 'vscode';
import type { ImscProgram } from '../imscProgram.ts';
import { parseRecord, textAt } from '../json.ts';

/** A running sandbox: a SciCat for one person, on this computer alone. */
export interface RunningSandbox {
  /** Of its start page, and of its API. */
  readonly url: string;
  readonly address: string;
  readonly token: string;
}

/** Runs the sandbox as a process that ends with the window. */
export class Sandbox implements Disposable {
  readonly #program: ImscProgram;
  readonly #log: LogOutputChannel;
  readonly #dataFolder: string;
  readonly #changed = new EventEmitter<RunningSandbox | undefined>();
  #process: ChildProcess | undefined;
  #running: RunningSandbox | undefined;
  #starting: Promise<RunningSandbox> | undefined;

  readonly onDidChange: Event<RunningSandbox | undefined> = this.#changed.event;

  /** @param dataFolder where its datasets are kept, as readable files */
  constructor(program: ImscProgram, log: LogOutputChannel, dataFolder: string) {
    this.#program = program;
    this.#log = log;
    this.#dataFolder = dataFolder;
  }

  get running(): RunningSandbox | undefined {
    return this.#running;
  }

  get dataFolder(): string {
    return this.#dataFolder;
  }

  /** Starts it, or gives the one that runs. Rejects with what it said if it cannot start. */
  async start(): Promise<RunningSandbox> {
    if (this.#running) return this.#running;
    this.#starting ??= this.#start().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  stop(): void {
    this.#process?.kill('SIGINT');
    this.#become(undefined);
  }

  dispose(): void {
    this.#process?.kill('SIGINT');
    this.#changed.dispose();
  }

  async #start(): Promise<RunningSandbox> {
    const child = this.#program.start({ args: ['sandbox', '--port', '0', '--data', this.#dataFolder] });
    this.#process = child;
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      errors += part;
      this.#log.info(`sandbox: ${part.trimEnd()}`);
    });
    child.once('exit', () => {
      if (child !== this.#process) return;
      this.#process = undefined;
      this.#become(undefined);
    });
    const running = await new Promise<RunningSandbox>((resolve, reject) => {
      let text = '';
      child.stdout?.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        const document = parseRecord(text);
        const [url, address, token] = ['url', 'host', 'token'].map((key) => textAt(document, key));
        if (url !== undefined && address !== undefined && token !== undefined) resolve({ url, address, token });
      });
      child.once('error', reject);
      child.once('exit', () => {
        reject(new Error(errors.trim() || l10n.t('The sandbox ended at once.')));
      });
    });
    this.#become(running);
    return running;
  }

  #become(running: RunningSandbox | undefined): void {
    if (running === this.#running) return;
    this.#running = running;
    void commands.executeCommand('setContext', 'imsc.sandboxRunning', running !== undefined);
    this.#changed.fire(running);
  }
}
