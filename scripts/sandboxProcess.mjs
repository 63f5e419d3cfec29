import { spawn } from 'node:child_process';
import { imsc } from './builtProgram.mjs';

/**
 * Starts a command of imsc that serves, and reads the JSON document that it prints once it listens.
 * @returns the process, and what the document says
 */
export async function startServing(args, env = process.env) {
  const child = spawn(process.execPath, [imsc, ...args, '--json'], { stdio: ['ignore', 'pipe', 'inherit'], env });
  let printed = '';
  for await (const piece of child.stdout) {
    printed += piece;
    if (!printed.trimEnd().endsWith('}')) continue;
    const said = JSON.parse(printed);
    // What could not start says so in a document, too.
    if (said.url !== undefined) return { child, ...said };
    break;
  }
  throw new Error(`imsc ${args[0]} did not start; its message is above.`);
}

/**
 * Starts the sandbox on a free port; resolves once it answers.
 * @param data the folder where it keeps its data
 * @param {readonly string[]} origins of pages that may ask it
 */
export function startSandbox(data, origins = []) {
  const allowed = origins.flatMap((origin) => ['--allow-origin', origin]);
  return startServing(['sandbox', '--port', '0', '--data', data, ...allowed]);
}
