import { stringify } from 'devalue';
import type { FromNexusPage, ToNexusPage } from '../messages.ts';

declare function acquireVsCodeApi(): { postMessage(message: FromNexusPage): void };

const host = acquireVsCodeApi();
const reader = startReader(document.currentScript?.dataset['reader'] ?? '');

/** A page may start a thread from its own address only: of the program's text one is made. */
async function startReader(address: string): Promise<Worker> {
  const program = await (await fetch(address)).blob();
  const worker = new Worker(URL.createObjectURL(program));
  worker.onmessage = ({ data }: MessageEvent<{ readonly id: number }>): void => {
    host.postMessage({ kind: 'reply', id: data.id, reply: stringify(data) });
  };
  return worker;
}

async function open(file: File): Promise<void> {
  const name = `/dropped:/${file.name}`;
  (await reader).postMessage({ open: name, file });
  const line = document.createElement('li');
  line.textContent = `${file.name} (${(file.size / 1e6).toLocaleString(undefined, { maximumFractionDigits: 1 })} MB)`;
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
