import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How long nothing must have been edited, in milliseconds: nobody notices a pause of some 20 ms then. */
const rest = 3000;

let timer: NodeJS.Timeout | undefined;
let collector: (() => void) | undefined;
/** Bytes in use after the last time. */
let usedBefore = 0;

/**
 * Frees what edits have left behind once nobody edits any more. By itself V8 does so when it needs the room, and a
 * server that rests needs none: it would hold twice the memory for as long as the editor is open.
 */
export function collectAtRest(): void {
  timer ??= setTimeout(collect, rest).unref();
  timer.refresh();
}

function collect(): void {
  timer = undefined;
  if (getHeapStatistics().used_heap_size < 1.5 * usedBefore) return;
  collector ??= garbageCollector();
  collector();
  usedBefore = getHeapStatistics().used_heap_size;
}

/** V8's own; Node shows it only to programs that were started with a flag. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return isCollector(gc) ? gc : () => undefined;
}

function isCollector(value: unknown): value is () => void {
  return typeof value === 'function';
}
