import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';

/** The built program. */
export const imscProgram = path.resolve(
  process.env['IMSC_DIST'] ?? path.resolve(import.meta.dirname, '../../dist'),
  'cli/main.cjs',
);

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** How a program is started: here, or on another computer. */
export type Starter = (program: string, args: readonly string[]) => readonly [program: string, args: readonly string[]];

/** Starts the built command line as a user would. */
export function startImsc(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd?: string,
  starter: Starter = (program, given) => [program, given],
  input?: string,
): Running {
  const [program, all] = starter(process.execPath, [imscProgram, ...args]);
  const child = spawn(program, all, {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  });
  // A program that does not want it may have ended.
  child.stdin?.on('error', () => undefined).end(input);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({
        code,
        signal,
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
      });
    });
  });
  return { child, finished };
}

/** Runs the built command line to its end. */
export function imsc(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd?: string,
): Promise<Finished> {
  return startImsc(args, env, cwd).finished;
}

export interface Served extends Running {
  readonly url: string;
}

/** Starts the service and waits until it has said where it is. It must be ended by whoever starts it. */
export async function startServing(
  args: readonly string[],
  started: (running: Running) => void,
  env: Readonly<Record<string, string>> = {},
): Promise<Served> {
  const running = startImsc(['serve', '--port', '0', '--json', ...args], env);
  started(running);
  const { stdout } = running.child;
  if (!stdout) throw new Error('It has no output.');
  let text = '';
  for await (const piece of stdout.iterator({ destroyOnReturn: false })) {
    text += String(piece);
    if (text.trimEnd().endsWith('}')) break;
  }
  stdout.resume();
  const { url } = JSON.parse(text) as { url: string };
  return { ...running, url };
}
