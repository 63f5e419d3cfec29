import { join } from 'node:path';
import type { Question, Reply } from '../../core/nexus/worker/workerProtocol.ts';
import { libraryParts, web } from './browserServer.ts';
import { chosenFile, startBrowserWorker } from './browserWorker.ts';

const name = '/dropped:/run.nxs';

type Ask = (question: Question) => Promise<Reply>;

/**
 * The thread of a page, in which a file was opened: it is called `run.nxs` there.
 * @param isLax see `chosenFile`
 */
export function startReader(path: string, isLax = false): Ask {
  const reader = startBrowserWorker(join(web, 'reader.js'));
  const waiting = new Map<number, (reply: Reply) => void>();
  reader.onmessage = (data) => {
    if (data === 'library') reader.postMessage({ library: libraryParts() });
    else waiting.get((data as Reply).id)?.(data as Reply);
  };
  reader.postMessage({ open: name, file: chosenFile(path, isLax) });
  return (question) =>
    new Promise((resolve) => {
      const id = waiting.size;
      waiting.set(id, resolve);
      reader.postMessage({ id, file: name, question });
    });
}
