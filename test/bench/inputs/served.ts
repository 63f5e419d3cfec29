import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';

/** A program that serves, and what it said when it began. */
export interface Program {
  readonly child: ChildProcess;
  readonly said: Readonly<Record<string, string>>;
  end(): Promise<void>;
}

/** Starts a program that prints one JSON document when it listens. */
export async function startProgram(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Program> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const piece of child.stdout.iterator({ destroyOnReturn: false })) {
    text += String(piece);
    if (text.trimEnd().endsWith('}')) break;
  }
  child.stdout.resume();
  return {
    child,
    said: JSON.parse(text) as Record<string, string>,
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** A service with a SciCat and folders of its own. */
export interface Place {
  readonly url: string;
  readonly scicat: string;
  readonly token: string;
  /** Its location `data`. */
  readonly data: string;
  readonly store: string;
  readonly service: Program;
  end(): Promise<void>;
}

/** @param settings what stands in imsc-serve.yml besides the folders */
export async function startPlace(bench: Bench, settings: object, { withToken = true } = {}): Promise<Place> {
  const folder = mkdtempSync(join(bench.folder, 'service-'));
  const [data, store, storage] = [join(folder, 'data'), join(folder, 'store'), join(folder, 'storage')];
  for (const each of [data, store, storage]) mkdirSync(each);
  const sandbox = await startProgram([bench.imsc, 'sandbox', '--port', '0', '--json']);
  const { host: scicat = '', token = '' } = sandbox.said;
  const file = join(folder, 'imsc-serve.yml');
  writeFileSync(file, JSON.stringify({ storage, store, port: 0, locations: [{ name: 'data', path: data }], ...settings })); // prettier-ignore
  const service = await startProgram(
    [
      ...[bench.imsc, 'serve', '--json', '-c', join(bench.root, 'samples', 'config.yml'), '--serve-config', file],
      ...['--scicat.host', scicat, '--ingestion.file-handling.save-file-hash=false'],
    ],
    { ...process.env, SCICAT_TOKEN: withToken ? token : '' },
  );
  return {
    url: service.said['url'] ?? '',
    scicat,
    token,
    data,
    store,
    service,
    end: async () => {
      await service.end();
      await sandbox.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Megabytes of a process now, and at most since it began; undefined where the system does not say. */
export function memoryOf({ pid }: ChildProcess): { readonly now: number; readonly most: number } | undefined {
  const file = `/proc/${pid ?? 0}/status`;
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? NaN) / 1000;
  return { now: of('VmRSS'), most: of('VmHWM') };
}
