import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseTree } from '../../../core/imsc/tree/parse.ts';
import type { Notation } from '../../../core/imsc/tree/tree.ts';
import { diagnosticsOf, problemsToShow } from '../../../server/problems/problemReport.ts';
import { settingsFrom } from '../../../server/settings.ts';
import { Snapshot } from '../../../server/documents/snapshot.ts';
import type { Bench } from '../bench.ts';
import { scalarsFile } from '../inputs/nexus.ts';
import { jsonSchemaText, yamlSchemaText } from '../inputs/schemas.ts';
import { elapsed, interleaved, median } from '../measure.ts';
import { LanguageServer } from '../peers/languageServer.ts';
import { languageServices } from '../peers/languageServices.ts';
import type { Row } from '../row.ts';

const area = 'language';
const textOf = { json: jsonSchemaText, yaml: yamlSchemaText } as const;
const settings = settingsFrom({});
const peers = { json: 'vscode-json-languageservice', yaml: 'yaml-language-server' } as const;

export async function languageArea(bench: Bench): Promise<void> {
  await changes(bench);
  await growth(bench);
  for (const notation of ['json', 'yaml'] as const) {
    for (const size of ['small', 'big'] as const) await session(bench, notation, size);
  }
}

/** The text with another digit in the middle each time: what a keystroke leaves behind. */
function edited(text: string): () => string {
  const at = text.indexOf('Field number', text.length >> 1);
  let turn = 0;
  return () => {
    turn = (turn + 1) % 10;
    return `${text.slice(0, at)}Field ${turn}umber${text.slice(at + 'Field number'.length)}`;
  };
}

/** From a text to everything that is said of it, as the server does it. */
function problemsOf(notation: Notation, text: string): number {
  const snapshot = new Snapshot(`file:///bench.imsc.${notation}`, 1, notation, text);
  return diagnosticsOf(snapshot, problemsToShow(snapshot.tree, settings, snapshot.problemsIn())).length;
}

/** A peer that does not look is fast: both must find the same planted mistakes before they are compared. */
async function requireSameWork(services: Readonly<Record<Notation, (text: string) => Promise<number>>>): Promise<void> {
  for (const notation of ['json', 'yaml'] as const) {
    const good = textOf[notation](100);
    const bad = good.replaceAll('NXS', 'NXX');
    const ours = problemsOf(notation, bad) - problemsOf(notation, good);
    const theirs = (await services[notation](bad)) - (await services[notation](good));
    if (ours !== 90 || theirs !== 90)
      throw new Error(`${notation}: of 90 mistakes we find ${ours}, the peer ${theirs}`);
  }
}

async function changes(bench: Bench): Promise<void> {
  const schema = JSON.parse(readFileSync(join(bench.root, 'schemas', 'imsc.schema.json'), 'utf8')) as object;
  const services = languageServices(bench.root, schema);
  if (services) await requireSameWork(services);
  for (const [size, variables, rounds] of [
    ['small', 12, 60],
    ['big', 2_000, 15],
  ] as const) {
    for (const notation of ['json', 'yaml'] as const) {
      const next = edited(textOf[notation](variables));
      const times = await interleaved(
        rounds,
        {
          ours: () => (({ text }) => elapsed(() => problemsOf(notation, text)))({ text: next() }),
          theirs: () => (({ text }) => elapsed(() => services?.[notation](text)))({ text: next() }),
          parse: () => (({ text }) => elapsed(() => parseTree(text, notation)))({ text: next() }),
        },
        rounds,
      );
      const peer = services ? { name: peers[notation], value: times.theirs } : `absent: ${peers[notation]}`;
      const target: Row['target'] =
        size === 'small' ? { atMost: notation === 'json' ? 2 : 4 } : { ratioAtMost: notation === 'json' ? 1 : 0.75 };
      const lines = `${size} ${notation.toUpperCase()} (${textOf[notation](variables).split('\n').length} lines)`;
      bench.add({ area, what: `${lines}: change → all problems`, unit: 'ms', ours: times.ours, peer, target });
      bench.add({ area, what: '… the parsing in it', unit: 'ms', ours: times.parse });
    }
  }
}

async function growth(bench: Bench): Promise<void> {
  for (const notation of ['json', 'yaml'] as const) {
    const [small, large] = [edited(textOf[notation](5_000)), edited(textOf[notation](10_000))];
    const times = await interleaved(
      5,
      {
        once: () => (({ text }) => elapsed(() => problemsOf(notation, text)))({ text: small() }),
        twice: () => (({ text }) => elapsed(() => problemsOf(notation, text)))({ text: large() }),
      },
      2,
    );
    bench.add({
      area,
      what: `10,000 variables, ${notation.toUpperCase()}: change → all problems`,
      unit: 'ms',
      ours: times.twice,
      peer: { name: '5,000 variables', value: times.once },
      target: { ratioAtMost: 2.2 },
    });
  }
}

interface Session {
  readonly initialize: number;
  readonly opened: number;
  readonly changed: number;
  readonly completion: number;
  readonly hover: number;
  /** Once the first problems are there. */
  readonly memoryOpened: number;
  readonly memory: number;
  /** Later, when nobody has done anything; NaN where that was not waited for. */
  readonly atRest: number;
}

/** Milliseconds until a server has put away what it does not need at rest. */
const restful = 30_000;

/** What an editor waits for, over the real protocol, with a sample open beside the schema. */
async function session(bench: Bench, notation: Notation, size: 'small' | 'big'): Promise<void> {
  const variables = size === 'big' ? 2_000 : 12;
  const sample = await scalarsFile(bench, variables);
  const text = textOf[notation](variables);
  const ours = await converse(new LanguageServer(join(bench.dist, 'server', 'main.cjs')), {
    pull: true,
    text,
    file: join(bench.folder, `bench-${size}.imsc.${notation}`),
    languageId: `imsc-${notation}`,
    sample,
    rests: size === 'big',
  });
  let theirs: Session | undefined;
  if (notation === 'yaml') {
    const schema = pathToFileURL(join(bench.root, 'schemas', 'imsc.schema.json')).href;
    const load = createRequire(join(bench.root, 'package.json'));
    const program = join(load.resolve('yaml-language-server/package.json'), '..', 'bin', 'yaml-language-server');
    theirs = await converse(new LanguageServer(program, ['--stdio'], { validate: true, schemas: { [schema]: '*' } }), {
      pull: false,
      text,
      file: join(bench.folder, `bench-${size}.yaml`),
      languageId: 'yaml',
      rests: size === 'big',
    });
  }
  const row = (what: string, unit: string, key: keyof Session, atMost?: number): void => {
    bench.add({
      area,
      what: `${size} ${notation.toUpperCase()} over the protocol: ${what}`,
      unit,
      ours: ours[key],
      ...(theirs && { peer: { name: peers.yaml, value: theirs[key] } }),
      ...(atMost !== undefined && { target: { atMost } }),
    });
  };
  row('start to initialize', 'ms', 'initialize');
  row('open to problems', 'ms', 'opened');
  row('change to problems (the peer waits 200 ms first)', 'ms', 'changed');
  row('completion of a reference', 'ms', 'completion', size === 'big' ? 5 : 1);
  row('hover', 'ms', 'hover', size === 'big' ? 5 : 1);
  row('memory once it is open', 'MB', 'memoryOpened', size === 'small' ? 60 : 150);
  row('memory after 15 edits', 'MB', 'memory', 150);
  if (size === 'big') row(`memory ${restful / 1000} s later`, 'MB', 'atRest', 150);
}

interface Conversation {
  readonly pull: boolean;
  readonly text: string;
  readonly file: string;
  readonly languageId: string;
  readonly sample?: string;
  readonly rests: boolean;
}

async function converse(
  server: LanguageServer,
  { pull, text, file, languageId, sample, rests }: Conversation,
): Promise<Session> {
  const uri = pathToFileURL(file).href;
  writeFileSync(file, text);
  const initialize = await elapsed(() => server.start({ pull }));
  if (sample !== undefined) await server.notify('imsc/chooseSample', { uri, file: sample });
  const problems = async (): Promise<void> => {
    if (pull) await server.request('textDocument/diagnostic', { textDocument: { uri } });
  };
  // Told after the text was sent; whoever asks gets an answer, whoever listens must listen before.
  const telling = (send: () => Promise<void>): Promise<number> =>
    elapsed(async () => {
      const told = pull ? undefined : server.nextPublished();
      await send();
      await problems();
      await told;
    });
  const opened = await telling(() =>
    server.notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } }),
  );
  const { memory: memoryOpened } = server;
  const at = positionOf(text, text.indexOf('Field number', text.length >> 1) + 1);
  const reference = positionOf(text, text.indexOf('<variable_', text.length >> 1) + 5);
  const changed: number[] = [];
  const completion: number[] = [];
  const hover: number[] = [];
  const position = { textDocument: { uri }, position: reference };
  for (let version = 2; version <= 16; version += 1) {
    const range = { start: at, end: { ...at, character: at.character + 1 } };
    const contentChanges = [{ range, text: String(version % 10) }];
    changed.push(
      await telling(() => server.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges })),
    );
    // Once for what is made ready on demand; the second answer is that of a text that has not changed.
    for (const [method, times] of [
      ['textDocument/completion', completion],
      ['textDocument/hover', hover],
    ] as const) {
      await server.request(method, position);
      times.push(await elapsed(() => server.request(method, position)));
    }
  }
  const { memory } = server;
  if (rests) await new Promise((resolve) => setTimeout(resolve, restful));
  const atRest = rests ? server.memory : NaN;
  await server.stop();
  const newest = (times: readonly number[]): number => median(times.slice(5));
  return {
    initialize,
    opened,
    changed: newest(changed),
    completion: newest(completion),
    hover: newest(hover),
    memoryOpened,
    memory,
    atRest,
  };
}

function positionOf(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}
