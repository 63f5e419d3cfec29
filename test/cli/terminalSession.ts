import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

const done = /<<done (\d+) (.*)>>\n$/;

/** A shell that keeps its folder and its variables from one command to the next, as a terminal does. */
export class TerminalSession {
  private readonly shell: ChildProcess;
  private readonly ended: Promise<unknown>;
  private output = '';
  private onOutput = (): void => undefined;

  constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.shell = spawn('sh', { cwd: folder, env: { ...process.env, ...env }, detached: true });
    this.ended = new Promise((resolve) => this.shell.on('close', resolve));
    this.shell.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
      this.onOutput();
    });
    this.type('exec 2>&1');
  }

  /** Runs commands to their end. */
  async run(commands: string): Promise<{ readonly output: string; readonly code: number; readonly folder: string }> {
    this.output = '';
    this.type(`${commands.trimEnd()}\necho "<<done $? $PWD>>"`);
    const [end, code, folder = ''] = await this.waitFor(done);
    return { output: this.output.slice(0, -end.length), code: Number(code), folder };
  }

  /** Starts a command that goes on; resolves when it has printed what is expected. */
  async start(command: string, expected: RegExp): Promise<void> {
    this.output = '';
    this.type(command.trimEnd());
    await this.waitFor(expected);
  }

  /** Ends the shell and everything started in it. */
  async close(): Promise<void> {
    if (this.shell.pid !== undefined && this.shell.exitCode === null) process.kill(-this.shell.pid, 'SIGTERM');
    await this.ended;
  }

  private type(text: string): void {
    this.shell.stdin?.write(`${text}\n`);
  }

  private waitFor(expected: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      this.onOutput = () => {
        const found = expected.exec(this.output);
        if (found) resolve(found);
      };
      void this.ended.then(() => {
        reject(new Error(`The shell has ended; it said:\n${this.output}`));
      });
      this.onOutput();
    });
  }
}
