import { basename } from 'node:path';
import { isDropped, remoteFiles } from '../../files/host/remote.ts';
import type { RemoteFiles } from '../../files/host/remote.ts';
import { compareBytes } from '../../hdf5/bytes.ts';
import { budget, megabytes } from '../../limits/budget.ts';
import { openNexus } from '../file.ts';
import { NexusError } from '../model.ts';
import type { NexusFile } from '../model.ts';
import { giveSource, sourceAt, sourceOfBytes } from '../storage/openSources.ts';
import type { OpenSource } from '../storage/openSources.ts';
import { QuestionedFile } from './questionedFile.ts';
import type { NexusWorker } from './workerFile.ts';
import { ask } from './workerProtocol.ts';

/**
 * Reads NeXus files in a browser. One that was opened in a page is asked about there, where it is read piece by piece;
 * of others VS Code has only whole files to give, so that large ones are refused.
 */
export function createNexusWorker(): NexusWorker {
  const open = (path: string): Promise<NexusFile> => (isDropped(path) ? openThere(path) : openHere(path));
  return {
    start: () => undefined,
    open,
    openFor: async (path, signal) => {
      const file = await open(path);
      signal.throwIfAborted();
      return file;
    },
    dispose: () => Promise.resolve(),
  };
}

async function openThere(path: string): Promise<NexusFile> {
  await remoteFiles().ask(path, { method: 'open' });
  return new QuestionedFile(path, (question) => remoteFiles().ask(path, question));
}

interface Opened {
  readonly source: OpenSource;
  readonly file: Promise<NexusFile>;
}

/** Opened files by their paths, and kept as long as their bytes. */
const opened = new Map<string, Opened>();

async function openHere(path: string): Promise<NexusFile> {
  await named(path, async () => fileOf(path, await sourceNow(path)));
  // Others may have taken its room by the time of a question.
  return new QuestionedFile(path, (question) =>
    named(path, async () => ask(await fileOf(path, sourceAt(path) ?? (await sourceNow(path))), question)),
  );
}

/** What is wrong names the file as a person knows it: where it lies is an address, and written in a way of ours. */
async function named<Answer>(path: string, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NexusError)) throw error;
    throw new NexusError(error.code, error.message.replaceAll(path, basename(path)), error.path);
  }
}

function fileOf(path: string, source: OpenSource): Promise<NexusFile> {
  for (const [other, { source: bytes, file }] of opened) {
    if (sourceAt(other) === bytes) continue;
    opened.delete(other);
    // What is wrong with it was told to who asked.
    file.then(
      (found) => found.close(),
      () => undefined,
    );
  }
  const known = opened.get(path);
  if (known?.source === source) return known.file;
  const file = openNexus(path, budget.nexus.answerMs);
  opened.set(path, { source, file });
  return file;
}

type State = Awaited<ReturnType<RemoteFiles['state']>>;

/** Times that a file is read which is another one afterwards. */
const mostReadings = 3;

/** The bytes of a file as it is now. @throws NexusError */
async function sourceNow(path: string): Promise<OpenSource> {
  let before = await stateOf(path);
  const known = sourceAt(path);
  if (known?.mtimeMs === before.mtimeMs && known.source.size === before.size) return known;
  let last: Uint8Array | undefined;
  for (let reading = 0; reading < mostReadings; reading += 1) {
    const bytes = await bytesOf(path, before);
    const state = await stateOf(path);
    const isSame = bytes.length === state.size && state.size === before.size && state.mtimeMs === before.mtimeMs;
    // Some that give files know no length or time of them.
    if (isSame || (last !== undefined && compareBytes(last, bytes) === 0)) {
      const read = { source: sourceOfBytes(bytes), mtimeMs: state.mtimeMs };
      giveSource(path, read, bytes.length);
      return read;
    }
    [before, last] = [state, bytes];
  }
  throw new NexusError('file-changed', `${path} changes while it is read. Try again when nobody writes it any more.`);
}

/** @throws NexusError */
async function bytesOf(path: string, { size }: State): Promise<Uint8Array> {
  if (size > budget.nexus.wholeFile)
    throw new NexusError(
      'too-large',
      `${path} has ${megabytes(size)}, and at most ${megabytes(budget.nexus.wholeFile)} are read as a whole. Open it with “Open a NeXus File of This Computer”: there it is read piece by piece.`,
    );
  return remoteFiles()
    .read(path)
    .catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new NexusError('file-not-readable', `${path} cannot be read: ${reason}.`);
    });
}

/** @throws NexusError */
async function stateOf(path: string): Promise<State> {
  return remoteFiles()
    .state(path)
    .catch(() => {
      throw new NexusError('file-missing', `There is no file ${path}.`);
    });
}
