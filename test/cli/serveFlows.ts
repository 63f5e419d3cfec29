import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What a client of the service has to do with, whichever its protocol. */
export interface Place {
  /** Where the service is now; a client that gets no answer waits until it is back. */
  readonly url: () => Promise<string>;
  readonly token: string;
  /** A file to send. */
  readonly dataFile: string;
  /** Told of what a client sees of its job, and of the service as a whole. */
  readonly saw: (text: string) => void;
}

/** Ask until there is an answer: the service may be gone in between. @returns undefined if this one had none */
async function ask({ url }: Place, path: string, init: RequestInit = {}): Promise<Response | undefined> {
  try {
    const answer = await fetch(`${await url()}${path}`, { ...init, signal: AbortSignal.timeout(20_000) });
    // A connection that breaks in the middle of an answer is none.
    const body = await answer.arrayBuffer();
    return new Response([204, 304].includes(answer.status) ? null : body, answer);
  } catch {
    return undefined;
  }
}

/** Asks for something that may be asked for again. */
async function surely(place: Place, path: string, init?: RequestInit): Promise<Response> {
  for (let tries = 0; tries < 50; tries++) {
    const answer = await ask(place, path, init);
    if (answer) return answer;
    await delay(50);
  }
  throw new Error(`${path} is never answered.`);
}

async function good(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  throw new Error(`${answer.status} ${await answer.text()}`);
}

const jsonOf = async (answer: Response): Promise<Record<string, unknown>> =>
  (await answer.json()) as Record<string, unknown>;

/** Asks again and again until it is at its end. */
async function follow(place: Place, look: () => Promise<{ status: string; isEnd: boolean }>): Promise<string> {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const { status, isEnd } = await look();
    place.saw(status);
    if (isEnd) return status;
    await delay(100);
  }
  throw new Error('It comes to no end.');
}

/** One that was answered is there for ever; one that was not is there as a whole, or not at all. */
export const flows: Readonly<Record<string, (place: Place) => Promise<string>>> = {
  arkivum: async (place) => {
    const start = (): Promise<Response | undefined> =>
      ask(place, '/api/arksys/ingest?ingestPath=run&jobTag=kill', { method: 'POST' });
    let id: string | undefined;
    while (id === undefined) {
      const answer = await start();
      if (answer) id = String((await jsonOf(await good(answer)))['ingestId']);
      else {
        const tagged = (await (await good(await surely(place, '/api/arksys/job/tag?jobTag=kill'))).json()) as { jobId: string }[]; // prettier-ignore
        id = tagged[0]?.jobId;
      }
    }
    const status = await follow(place, async () => {
      const body = await jsonOf(await good(await surely(place, `/api/arksys/ingest/${id}`)));
      const now = String(body['status']);
      return { status: now, isEnd: now === 'SUCCEEDED' || now === 'FAILED' };
    });
    const report = await jsonOf(await good(await surely(place, `/api/arksys/ingest/${id}/report`)));
    const steps = (report['resultList'] as { processingSteps: { status: string }[] }[]).flatMap(({ processingSteps }) => processingSteps); // prettier-ignore
    if (steps.length === 0 || steps.some((step) => step.status !== 'SUCCESS')) throw new Error(JSON.stringify(report));
    return status;
  },

  sword: async (place) => {
    const headers = { Authorization: 'Basic YTpi', 'In-Progress': 'true' };
    const media = (name: string): RequestInit => ({
      headers: { ...headers, 'Content-Type': 'application/octet-stream', 'Content-Disposition': `attachment; filename=${name}`, Slug: 'kill' }, // prettier-ignore
      body: name === 'notes.txt' ? 'quiet' : readFileSync(place.dataFile),
    });
    const atom = '<entry xmlns="http://www.w3.org/2005/Atom"><title>Killed</title></entry>';
    let id: string | undefined;
    while (id === undefined) {
      const answer = await ask(place, '/1/deposits/', { method: 'POST', ...media('443604_00001017.nxs') });
      if (answer) id = /deposits\/(\d+)\//.exec((await good(answer)).headers.get('Location') ?? '')?.[1];
      else {
        const list = await (await good(await surely(place, '/1/deposits/', { headers }))).text();
        id = /<swhdeposit:id>(\d+)</.exec(list)?.[1];
      }
    }
    const base = `/1/deposits/${id}`;
    const parts = async (): Promise<string> =>
      (await good(await surely(place, `${base}/statement/`, { headers }))).text();
    const count = async (): Promise<number> => [...(await parts()).matchAll(/terms\/originalDeposit/g)].length;
    if ((await count()) !== 1) throw new Error(`The deposit is there without what was sent:\n${await parts()}`);
    while ((await count()) === 1) {
      const answer = await ask(place, `${base}/media/`, { method: 'POST', ...media('notes.txt') });
      if (answer) await good(answer);
    }
    // Doing these again comes to the same.
    await good(await surely(place, `${base}/metadata/`, { method: 'PUT', headers: { ...headers, 'Content-Type': 'application/atom+xml;type=entry' }, body: atom })); // prettier-ignore
    const statusNow = async (): Promise<string> => {
      const text = await (await good(await surely(place, `${base}/status/`, { headers }))).text();
      return /deposit_status>(\w+)</.exec(text)?.[1] ?? text;
    };
    while ((await statusNow()) === 'partial') {
      const answer = await ask(place, `${base}/metadata/`, { method: 'POST', headers: { Authorization: headers.Authorization, 'In-Progress': 'false' } }); // prettier-ignore
      if (answer) await good(answer);
    }
    return follow(place, async () => {
      const status = await statusNow();
      if (status === 'partial') throw new Error('What was completed is open again.');
      return { status, isEnd: ['done', 'rejected', 'failed', 'expired'].includes(status) };
    });
  },

  openem: async (place) => {
    const headers = { 'Scicat-API-Token': place.token };
    const body = JSON.stringify({ metaData: JSON.stringify({ sourceFolder: '/data/run' }), userToken: place.token });
    const transfers = async (query = ''): Promise<{ transferId: string; status: string }[]> =>
      (await jsonOf(await good(await surely(place, `/transfer${query}`, { headers }))))['transfers'] as { transferId: string; status: string }[]; // prettier-ignore
    await ask(place, '/metadata?filePath=/data/run&methodName=Choose%20by%20the%20file');
    let id: string | undefined;
    while (id === undefined) {
      const answer = await ask(place, '/dataset', { method: 'POST', body });
      if (answer) id = String((await jsonOf(await good(answer)))['transferId']);
      else id = (await transfers())[0]?.transferId;
    }
    return follow(place, async () => {
      const status = (await transfers(`?transferId=${id}`))[0]?.status ?? 'none';
      return { status, isEnd: ['finished', 'failed', 'cancelled'].includes(status) };
    });
  },

  native: async (place) => {
    const body = JSON.stringify({ path: 'run' });
    let id: string | undefined;
    while (id === undefined) {
      const answer = await ask(place, '/api/v1/jobs', { method: 'POST', body });
      if (answer) id = String((await jsonOf(await good(answer)))['id']);
      else {
        const list = await jsonOf(await good(await surely(place, '/api/v1/jobs')));
        id = (list['jobs'] as { id: string }[])[0]?.id;
      }
    }
    return follow(place, async () => {
      const job = await jsonOf(await good(await surely(place, `/api/v1/jobs/${id}`)));
      const status = String(job['status']);
      const isEnd = ['done', 'rejected', 'failed', 'cancelled', 'expired'].includes(status);
      return { status, isEnd: isEnd && job['running'] !== true };
    });
  },
};

/** What each calls the end that is hoped for. */
export const wished: Readonly<Record<string, string>> = {
  arkivum: 'SUCCEEDED',
  sword: 'done',
  openem: 'finished',
  native: 'done',
};
