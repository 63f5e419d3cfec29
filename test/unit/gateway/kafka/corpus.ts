import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A message of the corpus: its bytes, what it says, and what is to become of it. */
export interface CorpusMessage {
  readonly file: string | null;
  readonly about: string;
  readonly expect: string;
  readonly decoded?: Readonly<Record<string, string | boolean | null>>;
  readonly bytes: Uint8Array | null;
}

const folder = path.join(import.meta.dirname, 'fixtures');
const index = JSON.parse(readFileSync(path.join(folder, 'INDEX.json'), 'utf8')) as { messages: CorpusMessage[] };

/** Messages as they stand on a topic of file writers. */
export const corpus: readonly CorpusMessage[] = index.messages.map((message) => ({
  ...message,
  bytes: message.file === null ? null : readFileSync(path.join(folder, message.file)),
}));
