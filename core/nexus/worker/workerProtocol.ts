import { NexusError } from '../model.ts';
import type { NexusErrorCode, NexusFile } from '../model.ts';

type Page = { readonly offset: number; readonly limit: number } | undefined;

/** What may be asked of a file, with the arguments of the method of the same name. */
export type Question =
  | { readonly method: 'open' }
  | { readonly method: 'describe' | 'attributes' | 'storage' | 'identity'; readonly path: string }
  | { readonly method: 'childNames' | 'childKinds' | 'children'; readonly path: string; readonly page: Page }
  | { readonly method: 'read'; readonly path: string; readonly limit: number | undefined };

export interface Request {
  readonly id: number;
  readonly file: string;
  readonly question: Question;
}

export type Reply =
  { readonly id: number; readonly answer: unknown } | { readonly id: number; readonly error: ErrorData };

export interface ErrorData {
  readonly code: NexusErrorCode | undefined;
  readonly message: string;
  readonly path: string | undefined;
}

/** From the worker: first that it is ready, then replies in the order of the requests. */
export type WorkerMessage = 'ready' | Reply;

/** To the worker: requests, or the path of a file that is not needed for now. */
export type WorkerOrder = { readonly requests: readonly Request[] } | { readonly close: string };

export function ask(file: NexusFile, question: Question): Promise<unknown> {
  switch (question.method) {
    case 'open':
      return Promise.resolve(undefined);
    case 'describe':
    case 'attributes':
    case 'storage':
    case 'identity':
      return file[question.method](question.path);
    case 'childNames':
    case 'childKinds':
    case 'children':
      return file[question.method](question.path, question.page);
    case 'read':
      return file.read(question.path, question.limit);
  }
}

export function errorData(error: unknown): ErrorData {
  if (error instanceof NexusError) return { code: error.code, message: error.message, path: error.path };
  return {
    code: undefined,
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    path: undefined,
  };
}

export function errorFrom({ code, message, path }: ErrorData): Error {
  return code === undefined ? new Error(message) : new NexusError(code, message, path);
}
