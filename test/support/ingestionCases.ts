import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { datasetWithTotals } from '../../core/ingest/plan/plan.ts';
import { blocksOf, isRecord, runVector, tagged } from './runVector.ts';
import type { IngestionInputs } from './runVector.ts';
import { startStubScicat } from './stubScicat.ts';
import type { StubScicat } from './stubScicat.ts';

/** One small ingestion and what must come out of it. `{{ROOT}}` and `{{HOST}}` are filled in everywhere. */
export interface IngestionCase extends IngestionInputs {
  readonly name: string;
  /** Top level keys of the schema, in place of the usual ones; undefined: left out. */
  readonly head?: Readonly<Record<string, unknown>>;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Fields besides the mandatory ones, or in place of them by machine name; undefined: left out. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Bodies of answers with status 200, by `GET target`. */
  readonly answers?: Readonly<Record<string, unknown>>;
  readonly expect: {
    /** Default 0. */
    readonly exit?: number;
    /** Values of variables, in the notation of the recorded cases; null: it has none. */
    readonly values?: Readonly<Record<string, unknown>>;
    readonly units?: Readonly<Record<string, string>>;
    /** Some fields of the dataset; undefined: it is not there. */
    readonly dataset?: Readonly<Record<string, unknown>>;
    readonly paths?: readonly string[];
    /** Codes that are among the problems. */
    readonly problems?: readonly string[];
    /** Codes that are not. */
    readonly noProblems?: readonly string[];
    /** What is asked of SciCat, in order, without the posts. */
    readonly requests?: readonly string[];
    /** Id of the schema that is used; null: none. */
    readonly schema?: string | null;
  };
}

const text = (machineName: string, value: string, type = 'string'): object => ({
  field_type: 'high_level',
  machine_name: machineName,
  value,
  type,
});

const mandatory: Readonly<Record<string, object>> = {
  pid: text('pid', '20.500.12269/spec'),
  datasetName: text('datasetName', 'A dataset'),
  principalInvestigator: text('principalInvestigator', 'Ada Lovelace'),
  creationLocation: text('creationLocation', 'ESS:CODA'),
  owner: text('owner', 'Ada Lovelace'),
  ownerEmail: text('ownerEmail', 'ada@example.org', 'email'),
  sourceFolder: text('sourceFolder', '/ess/data'),
  contactEmail: text('contactEmail', 'ada@example.org', 'email'),
  creationTime: text('creationTime', '2025-01-20T12:00:00+00:00', 'date'),
};

/** The text of a schema that gives a complete dataset. */
export function schemaText({
  head,
  variables = {},
  fields = {},
}: Pick<IngestionCase, 'head' | 'variables' | 'fields'>): string {
  const schema = { ...mandatory, ...fields };
  return JSON.stringify({
    id: 'spec',
    name: 'Spec',
    instrument: 'coda',
    selector: '*',
    order: 1,
    variables,
    schema,
    ...head,
  });
}

/** Runs each case as a test. */
export function testIngestions(cases: readonly IngestionCase[]): void {
  let stub: StubScicat;
  let folder: string;
  const workingDirectory = process.cwd();
  beforeAll(async () => {
    stub = await startStubScicat();
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'imsc-spec-')));
  });
  afterAll(async () => {
    process.chdir(workingDirectory);
    await stub.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(cases)('$name', async (item) => {
    const root = mkdtempSync(path.join(folder, 'case-'));
    const report = await runVector(withDefaults(item), root, stub);
    const { expect: wanted } = item;
    const said = report.problems.map(({ code, message }) => `${code}: ${message}`).join('\n');
    const { evaluation, dataset, schema } = report.prepared;
    const fill = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value ?? null)
          .replaceAll('{{ROOT}}', root)
          .replaceAll('{{HOST}}', stub.origin),
      );
    for (const [name, value] of Object.entries(wanted.values ?? {})) {
      const outcome = evaluation?.variables.get(name)?.outcome;
      expect(outcome?.state === 'known' ? tagged(outcome.value) : null, `<${name}>\n${said}`).toEqual(fill(value));
    }
    for (const [name, unit] of Object.entries(wanted.units ?? {})) {
      const outcome = evaluation?.variables.get(name)?.outcome;
      expect(outcome?.state === 'known' ? outcome.unit : null, `unit of <${name}>`).toBe(unit);
    }
    const built = dataset && tagged(datasetWithTotals(dataset, report.origDatablocks));
    for (const [name, value] of Object.entries(wanted.dataset ?? {})) {
      const got = isRecord(built) ? built[name] : undefined;
      if (value === undefined) expect(got, name).toBeUndefined();
      else expect(got, `${name}\n${said}`).toEqual(fill(value));
    }
    if (wanted.schema !== undefined) expect(schema?.schema.id ?? null, said).toBe(wanted.schema);
    if (wanted.paths) {
      const paths = (await blocksOf(report)).flatMap(({ dataFileList }) => dataFileList.map((file) => file.path));
      expect(paths, said).toEqual(fill(wanted.paths));
    }
    const codes: string[] = report.problems.map(({ code }) => code);
    for (const code of wanted.problems ?? []) expect(codes, said).toContain(code);
    for (const code of wanted.noProblems ?? []) expect(codes, said).not.toContain(code);
    if (wanted.requests) {
      expect(stub.requests.filter((line) => !line.startsWith('POST '))).toEqual(fill(wanted.requests));
    }
    expect(report.outcome === 'failed' ? 1 : 0, said).toBe(wanted.exit ?? 0);
  });
}

function withDefaults(item: IngestionCase): IngestionInputs {
  const answers = Object.entries(item.answers ?? {}).map(
    ([key, body]) => [key, { status: 200, body: JSON.stringify(body) }] as const,
  );
  return {
    ...(item.raw_file === undefined && { nexus_items: [{ path: '/entry/title', kind: 'dataset', value: 'A title' }] }),
    ...(item.schemas === undefined && { schema_text: schemaText(item) }),
    ...item,
    scicat: { ...Object.fromEntries(answers), ...item.scicat },
  };
}
