// Loaded into a process before it (`node --require`): ends it with SIGKILL at one of its writes below a folder.
// KILL_BELOW is the folder, KILL_AT the number of the write (from 1; none: it is only counted), KILL_TORN=1 writes half of
// it first, and KILL_TRACE is a file that gets a line for each write.
'use strict';
const fs = require('node:fs');
const { appendFileSync, promises } = fs;
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');

const below = process.env.KILL_BELOW;
const at = Number(process.env.KILL_AT ?? 0);
const isTorn = process.env.KILL_TORN === '1';
const trace = process.env.KILL_TRACE;
let count = 0;

const die = () => process.kill(process.pid, 'SIGKILL');
const isOurs = (file) => typeof file === 'string' && file.startsWith(below + path.sep);

/** Counts a write and does it; the process does not outlive the one that is meant. */
async function counted(name, file, half, write) {
  if (!isOurs(file)) return write();
  count += 1;
  const isLast = count === at;
  if (trace) appendFileSync(trace, `${count} ${name} ${path.relative(below, file)}\n`);
  if (isLast && isTorn && half) await half();
  else {
    const result = await write();
    if (!isLast) return result;
  }
  die();
  return new Promise(() => {});
}

/** Of several pieces as well. */
const halfOf = (data) => (Array.isArray(data) ? [halfOf(data[0])] : halfOfOne(data));
const halfOfOne = (data) =>
  typeof data === 'string' ? data.slice(0, data.length >> 1) : data.subarray(0, data.length >> 1);

if (isMainThread && below) {
  for (const name of ['rename', 'link', 'mkdir', 'rm', 'rmdir', 'unlink', 'symlink', 'truncate', 'copyFile']) {
    const original = promises[name].bind(promises);
    // What is renamed or linked counts where it comes to lie.
    const place = ['rename', 'link', 'symlink', 'copyFile'].includes(name) ? 1 : 0;
    promises[name] = (...args) => counted(name, args[place], undefined, () => original(...args));
  }
  const writeFile = promises.writeFile.bind(promises);
  promises.writeFile = (file, data, options) =>
    counted(
      'writeFile',
      file,
      () => writeFile(file, halfOf(data), options),
      () => writeFile(file, data, options),
    );
  // What is appended at once, to a file that is open.
  const opened = new Map();
  fs.appendFileSync = (file, data, ...more) => {
    if (!opened.has(file)) return appendFileSync(file, data, ...more);
    count += 1;
    const isLast = count === at;
    if (trace) appendFileSync(trace, `${count} appendFile ${path.relative(below, opened.get(file))}\n`);
    appendFileSync(file, isLast && isTorn ? halfOf(data) : data, ...more);
    if (isLast) die();
  };
  const open = promises.open.bind(promises);
  promises.open = async (file, ...rest) => {
    const handle = await open(file, ...rest);
    if (!isOurs(file) || rest[0] === undefined || rest[0] === 'r') return handle;
    opened.set(handle.fd, file);
    const close = handle.close.bind(handle);
    handle.close = () => {
      opened.delete(handle.fd);
      return close();
    };
    for (const name of ['appendFile', 'writeFile', 'write', 'writev']) {
      const original = handle[name].bind(handle);
      handle[name] = (data, ...more) =>
        counted(
          name,
          file,
          () => original(halfOf(data)),
          () => original(data, ...more),
        );
    }
    return handle;
  };
}
