import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noPython } from '../bench.ts';
import type { Bench } from '../bench.ts';
import { scalarPath, scalarsFile } from '../inputs/nexus.ts';
import { stringify } from 'yaml';
import { schemaObject } from '../inputs/schemas.ts';
import { interleaved, measuredBy, processTime } from '../measure.ts';

const area = 'start-up';
const rounds = 11;
const absolute = ['--ingestion.file-handling.file-path-type', 'absolute'];

/** Whole processes, from their start to their end. */
export async function startupArea(bench: Bench): Promise<void> {
  const small = await scalarsFile(bench, 12);
  const sixty = await scalarsFile(bench, 60);
  const smallSchema = join(bench.folder, 'bench-small.imsc.yml');
  const sixtySchema = join(bench.folder, 'bench-sixty.imsc.yml');
  writeFileSync(smallSchema, stringify(schemaObject(12, scalarPath)));
  writeFileSync(sixtySchema, stringify(schemaObject(60, scalarPath)));
  const { python } = bench;
  const dryRun = (file: string, schema: string) => (): number =>
    processTime(process.execPath, [
      bench.imsc,
      'dry-run',
      '--offline',
      '--nexus-file',
      file,
      '--schema',
      schema,
      ...absolute,
    ]);
  const times = await interleaved(rounds, {
    node: () => processTime(process.execPath, ['-e', '0']),
    version: () => processTime(process.execPath, [bench.imsc, '--version']),
    small: dryRun(small, smallSchema),
    sixty: dryRun(sixty, sixtySchema),
    check: () => processTime(process.execPath, [bench.imsc, 'check', smallSchema]),
    imports: () => (python === undefined ? NaN : processTime(python, ['-c', 'import h5py, requests, yaml'])),
  });
  const imports =
    python === undefined ? noPython : { name: 'Python imports h5py, requests, yaml', value: times.imports };
  const common = { area, unit: 'ms' };
  bench.add({ ...common, what: 'node alone', ours: times.node });
  bench.add({
    ...common,
    what: 'imsc --version',
    ours: times.version,
    peer: { name: 'node alone', value: times.node },
  });
  bench.add({
    ...common,
    what: 'dry run, 12 variables',
    ours: times.small,
    peer: imports,
    target: { ratioAtMost: 0.55 },
  });
  bench.add({
    ...common,
    what: 'dry run, 60 variables',
    ours: times.sixty,
    peer: imports,
    target: { ratioAtMost: 0.55 },
  });
  bench.add({ ...common, what: 'check of a schema of 12 variables', ours: times.check, peer: imports });
  await extensionLoad(bench);
}

/** Loads the extension's program with an editor that answers everything with nothing. */
async function extensionLoad(bench: Bench): Promise<void> {
  const program = join(bench.dist, 'client', 'extension.cjs');
  const script = `
    const Module = require('node:module');
    const nothing = new Proxy(function () {}, {
      get: (_, key) => (key === Symbol.toPrimitive ? () => '' : key === 'then' ? undefined : nothing),
      apply: () => nothing, construct: () => nothing,
    });
    const load = Module._load;
    Module._load = (name, ...rest) => (name === 'vscode' ? nothing : load(name, ...rest));
    const start = performance.now();
    require(${JSON.stringify(program)});
    console.log(JSON.stringify({ ms: performance.now() - start }));`;
  const { load } = await interleaved(rounds, {
    load: () => measuredBy(process.execPath, ['-e', script])['ms'] ?? NaN,
  });
  bench.add({ area, what: "loading the extension's program", unit: 'ms', ours: load, target: { atMost: 50 } });
}
