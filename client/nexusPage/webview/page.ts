import { stringify } from 'devalue';
import type { FromNexusPage, ToNexusPage } from '../messages.ts';
import { visibleLines } from '../../../core/text/hiddenCharacters.ts';

declare function acquireVsCodeApi(): { postMessage(message: FromNexusPage): void };

const host = acquireVsCodeApi();
const script = document.currentScript;
const reader = startReader(script?.dataset['reader'] ?? '');

/** A page may start a thread from its own address only: of the program's text one is made. */
async function startReader(address: string): Promise<Worker> {
  const program = await (await fetch(address)).blob();
  const worker = new Worker(URL.createObjectURL(program));
  worker.onmessage = ({ data }: MessageEvent<{ readonly id: number } | 'library'>): void => {
    if (data === 'library') void giveLibrary(worker);
    else host.postMessage({ kind: 'reply', id: data.id, reply: stringify(data) });
  };
  return worker;
}

/** What the HDF5 library is made of, or why there is none, once a file needs it. */
async function giveLibrary(worker: Worker): Promise<void> {
  try {
    worker.postMessage({ library: { glue: await partOf('glue'), wasm: await partOf('wasm') } });
  } catch (error) {
    worker.postMessage({ library: error instanceof Error ? error.message : String(error) });
  }
}

async function partOf(name: 'glue' | 'wasm'): Promise<Uint8Array> {
  const response = await fetch(script?.dataset[name] ?? '');
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function open(file: File): Promise<void> {
  const name = `/dropped:/${file.name}`;
  (await reader).postMessage({ open: name, file });
  const line = document.createElement('li');
  line.textContent = `${visibleLines(file.name)} (${(file.size / 1e6).toLocaleString(undefined, { maximumFractionDigits: 1 })} MB)`;
  document.getElementById('opened')?.append(line);
  host.postMessage({ kind: 'opened', file: name });
}

window.addEventListener('message', ({ data }: MessageEvent<ToNexusPage>) => {
  void reader.then((worker) => {
    worker.postMessage(data);
  });
});

const input = document.getElementById('file');
input?.addEventListener('change', () => {
  if (input instanceof HTMLInputElement) for (const file of input.files ?? []) void open(file);
});

const place = document.getElementById('place');
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  place?.classList.add('over');
});
document.addEventListener('dragleave', () => {
  place?.classList.remove('over');
});
document.addEventListener('drop', (event) => {
  event.preventDefault();
  place?.classList.remove('over');
  for (const file of event.dataTransfer?.files ?? []) void open(file);
});
