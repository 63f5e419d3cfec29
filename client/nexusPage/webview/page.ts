import { stringify } from 'devalue';
import type { FromNexusPage, ToNexusPage } from '../messages.ts';
import { visibleLines } from '../../../core/text/hiddenCharacters.ts';

declare function acquireVsCodeApi(): { postMessage(message: FromNexusPage): void };

const host = acquireVsCodeApi();
const script = document.currentScript;
const reader = startReader(script?.dataset['reader'] ?? '');

/** A page may start a thread from its own address only: of the program's text one is made. */
async function startReader(address: string): Promise<Worker> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  const program = await response.blob();
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

interface Opened {
  readonly file: File;
  /** Makes it the sample once more. */
  readonly button: HTMLButtonElement;
}

/** By the names that the files are asked about. */
const opened = new Map<string, Opened>();
let opening = Promise.resolve();

/** Opens files one after the other, so that the last is the sample. */
function open(files: FileList | null | undefined): void {
  for (const file of files ?? [])
    opening = opening
      .then(() => openOne(file))
      .catch((error: unknown) => {
        list(`${visibleLines(file.name)}: ${error instanceof Error ? error.message : String(error)}`);
      });
}

async function openOne(file: File): Promise<void> {
  if (!(await isReadable(file))) {
    list(`${visibleLines(file.name)}: ${script?.dataset['refusal'] ?? ''}`);
    return;
  }
  const number = await numberOf(file);
  const name = nameOf(file, number);
  (await reader).postMessage({ open: name, file });
  const tell = (): void => {
    host.postMessage({ kind: 'opened', file: name });
  };
  const button = opened.get(name)?.button ?? list(document.createElement('button'));
  button.textContent = `${visibleLines(file.name)}${number === 1 ? '' : ` [${number}]`} (${sizeOf(file)})`;
  button.onclick = tell;
  opened.set(name, { file, button });
  tell();
}

/** Of files of one name from several folders; one that cannot be read any more gives its place. */
async function numberOf(file: File): Promise<number> {
  for (let number = 1; ; number += 1) {
    const known = opened.get(nameOf(file, number))?.file;
    if (known === undefined || (known.size === file.size && known.lastModified === file.lastModified)) return number;
    if (!(await isReadable(known))) return number;
  }
}

function nameOf(file: File, number: number): string {
  return `/dropped:/${number === 1 ? '' : `${number}/`}${file.name}`;
}

/** False for a folder, and for what is no longer as it was when it was chosen. */
async function isReadable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function sizeOf({ size }: File): string {
  const [unit, bytes] = size < 1e5 ? (['kB', 1e3] as const) : (['MB', 1e6] as const);
  return `${(size / bytes).toLocaleString(undefined, { maximumFractionDigits: 1 })} ${unit}`;
}

/** A line of the list of files. */
function list<Content extends string | HTMLElement>(content: Content): Content {
  const line = document.createElement('li');
  line.append(content);
  document.getElementById('opened')?.append(line);
  return content;
}

window.addEventListener('message', ({ data }: MessageEvent<ToNexusPage>) => {
  void reader.then((worker) => {
    worker.postMessage(data);
  });
});

const input = document.getElementById('file');
input?.addEventListener('change', () => {
  if (!(input instanceof HTMLInputElement)) return;
  open(input.files);
  // The same file is chosen once more after it was written.
  input.value = '';
});

const place = document.getElementById('place');
for (const type of ['dragenter', 'dragover'])
  document.addEventListener(type, (event) => {
    event.preventDefault();
    // VS Code takes what it hears of for itself, and opens it as a text.
    event.stopPropagation();
    place?.classList.add('over');
  });
document.addEventListener('dragleave', () => {
  place?.classList.remove('over');
});
document.addEventListener('drop', (event) => {
  event.preventDefault();
  place?.classList.remove('over');
  open(event.dataTransfer?.files);
});
