// Measures what the extension costs the workbench, by turns with it and without: `node test/vscode/measure.mjs
// FILE.vsix [turns]`.
// Memory is told by Linux alone. It is the proportional share of a process (Pss): what processes have in common is
// divided among them.
import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { vscodeServer } from '../../scripts/vscodeServer.mjs';
import { checkActivation } from './activation.mjs';
import { openFile } from './person.mjs';
import { openWorkbench } from './workbench.mjs';

/** How long the workbench is left alone before its memory is looked at, in milliseconds. */
const rest = 10_000;

/** Parent and command line of all processes, by their numbers. */
function processes() {
  const found = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
      found.set(pid, { parent, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') });
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

/** Memory, in MB, of what a server has started whose command line has this in it. */
function memoryOf(server, text) {
  const all = processes();
  const isBelow = (pid) => pid !== undefined && (pid === String(server) || isBelow(all.get(pid)?.parent));
  const pids = [...all].filter(([pid, { command }]) => command.includes(text) && isBelow(pid)).map(([pid]) => pid);
  const share = (pid) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
  return pids.reduce((sum, pid) => sum + share(pid), 0) / 1024;
}

/** What one window costs, with the extension from a `.vsix` or without. */
async function measure(programs, vsix) {
  const workbench = await openWorkbench(programs, { extension: null, ...(vsix && { vsix }) });
  try {
    const { page, server } = workbench;
    const activation = vsix ? await checkActivation(page) : '';
    if (!vsix) await openFile(page, 'long-name.imsc.yaml');
    await wait(rest);
    return {
      activation: Number(/(\d+)\s*ms/.exec(activation)?.[1]),
      'extension host': memoryOf(server, '--type=extensionHost'),
      'language server': memoryOf(server, join('dist', 'server', 'main.cjs')),
    };
  } finally {
    await workbench.close();
  }
}

/** The middle one, and the least and the most. */
function told(values, unit) {
  const sorted = values.toSorted((a, b) => a - b);
  const shown = [sorted[Math.floor(sorted.length / 2)], sorted[0], sorted.at(-1)].map((value) => value.toFixed(0));
  return `${shown[0]} ${unit} (${shown[1]} to ${shown[2]})`;
}

const programs = vscodeServer();
if (programs === undefined) process.exit(1);
const [file, turns = 5] = process.argv.slice(2);
if (file === undefined) {
  console.error('Name the .vsix to be measured; `npm run package` makes it.');
  process.exit(1);
}
const vsix = resolve(file);
const load = () => loadavg()[0].toFixed(1);
console.log(`load ${load()} at the start`);
const runs = { with: [], without: [] };
for (let turn = 0; turn < Number(turns); turn++) {
  runs.with.push(await measure(programs, vsix));
  runs.without.push(await measure(programs));
}
const column = (kind, name) => runs[kind].map((run) => run[name]);
console.log(`activation: ${told(column('with', 'activation'), 'ms')}`);
for (const kind of ['with', 'without'])
  console.log(`extension host, ${kind} the extension: ${told(column(kind, 'extension host'), 'MB')}`);
console.log(`language server: ${told(column('with', 'language server'), 'MB')}`);
console.log(`load ${load()} at the end`);
