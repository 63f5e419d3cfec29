import type { Source } from '../../core/hdf5/blocks.ts';
import { budget } from '../../core/limits/budget.ts';
import { openNexus } from '../../core/nexus/file.ts';
import { setLibraryParts } from '../../core/nexus/library/libraryParts.ts';
import type { LibraryParts } from '../../core/nexus/library/libraryParts.ts';
import { NexusError } from '../../core/nexus/model.ts';
import type { NexusFile } from '../../core/nexus/model.ts';
import { giveSource } from '../../core/nexus/storage/openSources.ts';
import type { OpenSource } from '../../core/nexus/storage/openSources.ts';
import { ask, errorData } from '../../core/nexus/worker/workerProtocol.ts';
import type { Question, Reply, Request } from '../../core/nexus/worker/workerProtocol.ts';

/** Besides what may be asked of every file: whether it is still what was opened. */
type PageRequest = Omit<Request, 'question'> & { readonly question: Question | { readonly method: 'state' } };

/** The thread of a page: reads the files that a person has opened there, as far as they are asked about. */
type Order = { readonly open: string; readonly file: File } | { readonly library: LibraryParts | string } | PageRequest;

interface Opened extends OpenSource {
  readonly file: Promise<NexusFile>;
}

const opened = new Map<string, Opened>();

let giveLibrary: (given: LibraryParts | string) => void = () => undefined;
setLibraryParts(
  () =>
    new Promise((resolve, reject) => {
      giveLibrary = (given) => {
        if (typeof given === 'string') reject(new Error(given));
        else resolve(given);
      };
      self.postMessage('library');
    }),
);

/** The bytes of a file where it lies: a browser lets only threads wait for them. @throws NexusError */
function sourceOf(file: File): Source {
  const reader = new FileReaderSync();
  const read = (position: number, length: number): Uint8Array | undefined => {
    try {
      return new Uint8Array(reader.readAsArrayBuffer(file.slice(position, position + length)));
    } catch {
      // A browser gives up a file that is no longer what was chosen, and does not tell why.
      return undefined;
    }
  };
  return {
    size: file.size,
    read: (position, length) => {
      const bytes = read(position, length);
      if (bytes !== undefined && bytes.length >= Math.min(length, file.size - position)) return bytes;
      throw new NexusError(
        'file-not-readable',
        `${file.name} cannot be read any more: it was moved, renamed or changed after it was opened. Open it once more in the page.`,
      );
    },
  };
}

async function reply({ id, file, question }: PageRequest): Promise<Reply> {
  try {
    const found = opened.get(file);
    if (found === undefined)
      throw new NexusError('file-missing', `${file} is not open any more. Open it once more in the page.`);
    return { id, answer: await answerOf(found, question) };
  } catch (error) {
    const { message, ...rest } = errorData(error);
    // The folder of such files is none that a person knows.
    return { id, error: { ...rest, message: message.replaceAll(file, file.slice(file.lastIndexOf('/') + 1)) } };
  }
}

/** What is in memory, and what is wrong with a file, holds only as long as the file is what was opened. */
async function answerOf({ source, mtimeMs, file }: Opened, question: PageRequest['question']): Promise<unknown> {
  try {
    if (question.method === 'state') return { size: source.size, mtimeMs };
    return await ask(await file, question);
  } finally {
    source.read(Math.max(source.size - 1, 0), 1);
  }
}

self.onmessage = ({ data }: MessageEvent<Order>): void => {
  if ('open' in data) {
    const given = { source: sourceOf(data.file), mtimeMs: data.file.lastModified };
    giveSource(data.open, given);
    const file = openNexus(data.open, budget.nexus.answerMs);
    // What is wrong with it is told to whoever asks.
    file.catch(() => undefined);
    const before = opened.get(data.open);
    opened.set(data.open, { ...given, file });
    before?.file.then(
      (other) => other.close(),
      () => undefined,
    );
  } else if ('library' in data) {
    giveLibrary(data.library);
  } else {
    void reply(data).then((answer) => {
      self.postMessage(answer);
    });
  }
};
