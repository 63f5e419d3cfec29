import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AbstractMessageReader, AbstractMessageWriter } from 'vscode-languageserver-protocol/node';
import type { DataCallback, Disposable, Message } from 'vscode-languageserver-protocol/node';
import { afterAll } from 'vitest';

/** What a worker of a browser has, made of what one of Node's has; and nothing of Node's own. */
const surroundings = `
const { parentPort } = require('node:worker_threads');
const { closeSync, fstatSync, openSync, readSync } = require('node:fs');
const { getHeapStatistics } = require('node:v8');
const { runInThisContext } = require('node:vm');
let bytesRead = 0;
globalThis.self = globalThis;
self.origin = 'https://vscode.example.org';
const listeners = new Set();
self.addEventListener = (type, listener) => type === 'message' && listeners.add(listener);
self.removeEventListener = (type, listener) => listeners.delete(listener);
self.postMessage = (message) => parentPort.postMessage(message);
parentPort.on('message', (data) => {
  if (data === 'measure') {
    const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
    return parentPort.postMessage({ bytesRead, memory: heap + external });
  }
  // A file of a browser's person is one of the disk here.
  if (data.file?.path) data.file.slice = (start, end) => ({ file: data.file, start, end });
  self.onmessage?.({ data });
  for (const listener of listeners) listener({ data });
});
globalThis.FileReaderSync = class {
  readAsArrayBuffer({ file, start, end }) {
    const descriptor = openSync(file.path);
    try {
      if (!file.isLax && fstatSync(descriptor).mtimeMs !== file.lastModified) throw new Error('NotReadableError');
      const bytes = new Uint8Array(end - start);
      bytesRead += bytes.length;
      return bytes.buffer.slice(0, readSync(descriptor, bytes, 0, bytes.length, start));
    } finally {
      closeSync(descriptor);
    }
  }
};
// A program that is made of a text at hand; Node gives that of a Blob only later.
const texts = new Map();
globalThis.Blob = class {
  constructor(parts) {
    this.text = Buffer.concat(parts).toString();
  }
};
URL.createObjectURL = ({ text }) => {
  const address = 'blob:' + texts.size;
  texts.set(address, text);
  return address;
};
self.importScripts = (address) => runInThisContext(texts.get(address));
// Node's own fetch needs them, so that they are hidden from the program and not taken away.
((require, module, exports, process, Buffer, setImmediate, global) => {
`;

/** As the page of a browser has a worker: messages both ways. */
export interface PagePort {
  readonly postMessage: (message: unknown) => void;
  onmessage: (data: unknown) => void;
}

/** Runs a program that was built for a worker of a browser, until the test file ends. */
export function startBrowserWorker(program: string): PagePort {
  const worker = new Worker(`${surroundings}${readFileSync(program, 'utf8')}\n})();`, { eval: true });
  afterAll(() => worker.terminate());
  const port: PagePort = {
    postMessage: (message) => {
      worker.postMessage(message);
    },
    onmessage: () => undefined,
  };
  worker.on('message', (data: unknown) => {
    port.onmessage(data);
  });
  return port;
}

interface ChosenFile {
  readonly path: string;
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
  readonly isLax: boolean;
}

/**
 * What a person has chosen in a page, as its worker is given it.
 * @param isLax the browser does not notice that the file was written since, but gives no more bytes than there are
 */
export function chosenFile(path: string, isLax = false): ChosenFile {
  const { size, mtimeMs } = statSync(path);
  return { path, name: basename(path), size, lastModified: mtimeMs, isLax };
}

export class PortReader extends AbstractMessageReader {
  readonly #port: PagePort;

  constructor(port: PagePort) {
    super();
    this.#port = port;
  }

  listen(callback: DataCallback): Disposable {
    this.#port.onmessage = (data) => {
      callback(data as Message);
    };
    return { dispose: () => undefined };
  }
}

export class PortWriter extends AbstractMessageWriter {
  readonly #port: PagePort;

  constructor(port: PagePort) {
    super();
    this.#port = port;
  }

  write(message: Message): Promise<void> {
    this.#port.postMessage(message);
    return Promise.resolve();
  }

  end(): void {
    // Nothing is left to be sent.
  }
}
