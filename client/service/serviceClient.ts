import { l10n, workspace } from 'vscode';
import { parseRecord, recordsAt, textAt } from '../json.ts';
import type { JsonRecord } from '../json.ts';
import { noAnswer } from './noAnswer.ts';

/** An answer, or one event of a stream, has at most so many characters. */
const mostCharacters = 16_000_000;
/** How long is waited for an answer, in milliseconds. */
const patienceMs = 30_000;
/** The pauses before a stream that broke is asked for again grow from the first to the last. */
const pausesMs = { first: 1_000, last: 30_000 };

/** A file or folder of a location of a service. */
export interface ServiceEntry {
  readonly name: string;
  /** Below the location. */
  readonly path: string;
  readonly isFolder: boolean;
  /** Whether it is called as data files are. */
  readonly isData: boolean;
}

/** Whom a service does not let in. */
export class NotSignedIn extends Error {
  override readonly name = 'NotSignedIn';
}

/** An ingest service, by its own API (schemas/ingest-service.openapi.json). The token goes into a header and nowhere else. */
export class ServiceClient {
  readonly #address: string;
  readonly #token: string | undefined;

  /** @param address where clients reach it, without `/api/v1` */
  constructor(address: string, token: string | undefined) {
    this.#address = address.replace(/\/+$/, '');
    this.#token = token;
  }

  /** The names of its locations. Rejects with what it says, or that it does not answer. */
  async locations(): Promise<readonly string[]> {
    const about = await this.#ask('GET', '');
    if (textAt(about, 'version') === undefined || !('locations' in about))
      throw new Error(l10n.t('There is no ingest service at {0}.', this.#address));
    return recordsAt(about, 'locations').flatMap((each) => textAt(each, 'name') ?? []);
  }

  /** One level of a location, and whether there is more than is shown. */
  async list(location: string, path: string): Promise<{ entries: readonly ServiceEntry[]; hasMore: boolean }> {
    const query = new URLSearchParams({ path });
    const found = await this.#ask('GET', `/locations/${encodeURIComponent(location)}/files?${query.toString()}`);
    const entries = recordsAt(found, 'entries').flatMap((entry) => {
      const [name, below] = [textAt(entry, 'name'), textAt(entry, 'path')];
      if (name === undefined || below === undefined) return [];
      return [{ name, path: below, isFolder: entry['folder'] === true, isData: entry['data'] === true }];
    });
    const { total } = found;
    return { entries, hasMore: found['more'] === true || (typeof total === 'number' && total > entries.length) };
  }

  /** Has something ingested that lies in a location. @returns the job */
  ingest(location: string, path: string): Promise<JsonRecord> {
    return this.#ask('POST', '/jobs', { location, path });
  }

  /** Does something with a job. @returns the job as it is then */
  act(id: string, verb: string): Promise<JsonRecord> {
    return this.#ask('POST', `/jobs/${encodeURIComponent(id)}/${verb}`);
  }

  async drop(id: string): Promise<void> {
    await this.#ask('DELETE', `/jobs/${encodeURIComponent(id)}`);
  }

  /**
   * Tells the newest jobs as they are and whenever one changes, until the signal, over broken connections.
   * @param told `opened` each time before they are told anew
   */
  async follow(
    told: (event: 'opened' | 'job' | 'dropped' | 'lost', record: JsonRecord) => void,
    signal: AbortSignal,
  ): Promise<void> {
    for (let pause = pausesMs.first; !signal.aborted; pause = Math.min(2 * pause, pausesMs.last)) {
      try {
        const answer = await this.#fetch('GET', '/events', undefined, signal);
        told('opened', {});
        pause = pausesMs.first;
        for await (const { event, data } of eventsOf(answer)) {
          const record = parseRecord(data);
          if (record && (event === 'job' || event === 'dropped')) told(event, record);
        }
      } catch (error) {
        told('lost', { message: error instanceof Error ? error.message : String(error) });
        // Until somebody signs in there is nothing to follow.
        if (error instanceof NotSignedIn) return;
      }
      await pauseFor(pause, signal);
    }
  }

  async #ask(method: string, path: string, body?: object): Promise<JsonRecord> {
    const answer = await this.#fetch(method, path, body, AbortSignal.timeout(patienceMs));
    if (answer.status === 204) return {};
    const record = parseRecord(await boundedText(answer));
    if (!record) throw new Error(l10n.t('There is no ingest service at {0}.', this.#address));
    return record;
  }

  /** @throws NotSignedIn; what the service says; that it does not answer */
  async #fetch(method: string, path: string, body: object | undefined, signal: AbortSignal): Promise<Response> {
    // Whoever calls has looked already; that nothing is sent without trust is decided here.
    if (!workspace.isTrusted) throw new Error(l10n.t('This waits until you trust the workspace. Nothing was done.'));
    const headers = {
      ...(this.#token !== undefined && { Authorization: `Bearer ${this.#token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    };
    let answer: Response;
    try {
      // The token belongs to this address alone: nothing is followed elsewhere.
      const request = { method, headers, signal, redirect: 'error' as const };
      answer = await fetch(
        `${this.#address}/api/v1${path}`,
        body ? { ...request, body: JSON.stringify(body) } : request,
      );
    } catch {
      throw new Error(noAnswer(this.#address));
    }
    if (answer.ok) return answer;
    const said = textAt(parseRecord(await boundedText(answer)), 'message');
    if (answer.status === 401)
      throw new NotSignedIn(l10n.t('The ingest service {0} asks for a sign-in.', this.#address));
    throw new Error(said ?? l10n.t('The ingest service {0} answers with {1}.', this.#address, answer.status));
  }
}

async function boundedText(answer: Response): Promise<string> {
  let text = '';
  for await (const piece of textOf(answer)) {
    text += piece;
    if (text.length > mostCharacters)
      throw new Error(l10n.t('The answer is longer than {0} characters.', mostCharacters));
  }
  return text;
}

async function* textOf({ body }: Response): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  const pieces: AsyncIterable<Uint8Array> | undefined = body ?? undefined;
  if (pieces) for await (const piece of pieces) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}

/** The events of a stream (text/event-stream). */
async function* eventsOf(answer: Response): AsyncGenerator<{ readonly event: string; readonly data: string }, void> {
  let rest = '';
  for await (const piece of textOf(answer)) {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop() ?? '';
    if (rest.length > mostCharacters)
      throw new Error(l10n.t('The answer is longer than {0} characters.', mostCharacters));
    for (const block of blocks) {
      const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line));
      const valuesOf = (name: string): string[] =>
        fields.flatMap((field) => (field?.[1] === name ? (field[2] ?? '') : []));
      const data = valuesOf('data');
      if (data.length > 0) yield { event: valuesOf('event').at(-1) ?? 'message', data: data.join('\n') };
    }
  }
}

/** Waits so many milliseconds, or until the signal says that nobody waits any more. */
function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
