import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Sent } from './served.ts';

interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyText?: string;
  readonly bodyBase64?: string;
  readonly bodyRepeated?: { readonly byte: number; readonly times: number };
}

/** A request of a real client, and an answer that let it go on. */
export interface Recorded {
  readonly client: string;
  readonly step: string;
  readonly request: Message & { readonly method: string; readonly path: string };
  readonly answer: Message & { readonly status: number };
  readonly times?: number;
  readonly note?: string;
}

/** What the README beside the recordings calls `arkivum.json` and so on. */
export function recordings(name: string): readonly Recorded[] {
  const file = path.join(import.meta.dirname, 'recordings', `${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as readonly Recorded[];
}

/** Headers that the connection makes itself. */
const ofConnection = new Set(['content-length', 'transfer-encoding', 'connection', 'expect', 'te']);

/** The request as it is to be sent, with what stands for its placeholders. */
export function filledIn({ request }: Recorded, values: Readonly<Record<string, string>>): Sent {
  const fill = (text: string): string =>
    Object.entries(values).reduce((filled, [name, value]) => filled.replaceAll(name, value), text);
  const headers = Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) => !ofConnection.has(name.toLowerCase()))
      .map(([name, value]) => [name, fill(value)]),
  );
  const { bodyText, bodyBase64, bodyRepeated } = request;
  const body =
    bodyText !== undefined
      ? Buffer.from(fill(bodyText))
      : bodyBase64 !== undefined
        ? Buffer.from(bodyBase64, 'base64')
        : bodyRepeated !== undefined
          ? Buffer.alloc(bodyRepeated.times, bodyRepeated.byte)
          : undefined;
  // A body of no bytes is announced, as all of these clients do.
  if (body !== undefined || request.method === 'POST' || request.method === 'PUT')
    headers['Content-Length'] = String(body?.length ?? 0);
  return { method: request.method, path: fill(request.path), headers, body };
}
