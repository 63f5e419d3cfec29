import { parentPort, workerData } from 'node:worker_threads';
import { fileStats } from '../diskStats.ts';
import { openNexus } from '../file.ts';
import { fileIdentity } from '../storage/fileIdentity.ts';
import { preferQuickStart } from '../quickStart.ts';
import type { NexusFile } from '../model.ts';
import { ask, errorData } from './workerProtocol.ts';
import type { Reply, Request, WorkerMessage, WorkerOrder } from './workerProtocol.ts';

/** Files beyond this many are closed, the one that was used longest ago first. */
const MAX_OPEN_FILES = 16;

interface Opened {
  readonly file: NexusFile;
  readonly identity: string;
}

/** The entry point of the thread that reads NeXus files: one thread, any number of files. */
const open = new Map<string, Opened>();
let queue = Promise.resolve();
const given: unknown = workerData;
const linkedFolders = Array.isArray(given) ? given.filter((folder) => typeof folder === 'string') : [];

function send(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

/** An open file, opened anew when it has changed. */
async function current(path: string): Promise<NexusFile> {
  const known = open.get(path);
  const identity = fileIdentity(fileStats(path));
  if (known?.identity === identity) {
    open.delete(path);
    open.set(path, known);
    return known.file;
  }
  await close(path);
  const [oldest] = open.keys();
  if (open.size >= MAX_OPEN_FILES && oldest !== undefined) await close(oldest);
  const file = await openNexus(path, Infinity, linkedFolders);
  open.set(path, { file, identity });
  return file;
}

async function close(path: string): Promise<void> {
  const opened = open.get(path);
  open.delete(path);
  await opened?.file.close();
}

async function reply({ id, file, question }: Request): Promise<Reply> {
  try {
    return { id, answer: await ask(await current(file), question) };
  } catch (error) {
    return { id, error: errorData(error) };
  }
}

async function obey(order: WorkerOrder): Promise<void> {
  if ('close' in order) await close(order.close);
  else for (const request of order.requests) send(await reply(request));
}

parentPort?.on('message', (order: WorkerOrder) => {
  queue = queue.then(() => obey(order));
});
// Somebody waits for the first answer, also after a file that made the thread before fail.
preferQuickStart();
send('ready');
