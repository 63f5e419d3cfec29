import { linkSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bindSchema, scalarText } from '../../../core/imsc/schema/schema.ts';
import { parseTree } from '../../../core/imsc/tree/parse.ts';
import { nexusReader } from '../../../core/ingest/sources/nexusReader.ts';
import { SchemaComparison } from '../../../core/ingest/trial/schemaDiff.ts';
import { preferQuickStart } from '../../../core/nexus/quickStart.ts';
import { openNexusInTime } from '../../../core/nexus/worker/openInTime.ts';
import type { Bench } from '../bench.ts';
import { scalarsFile } from '../inputs/nexus.ts';
import { yamlSchemaText } from '../inputs/schemas.ts';
import { elapsed } from '../measure.ts';

const samples = 10_000;
/** By turns, so that whatever else the machine does meets both alike. */
const turn = 100;
const scalars = 60;

/** What a change of a schema does to 10,000 files, beside opening them and reading the values that it asks for. */
export async function diffArea(bench: Bench): Promise<void> {
  preferQuickStart();
  // Links need the disk of what they lead to.
  const folder = join(bench.inputs, `bench-diff-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const sample = await scalarsFile(bench, scalars);
  const files = Array.from({ length: samples }, (_, index) => join(folder, `bench-${index}.nxs`));
  for (const file of files) linkSync(sample, file);
  const before = yamlSchemaText(scalars);
  const name = join(bench.folder, 'bench.imsc.yml');
  const comparisonWith = (after: string): SchemaComparison =>
    SchemaComparison.of({
      before: { chosen: name, texts: [[name, before]] },
      after: { chosen: name, texts: [[name, after]] },
    });
  const { variables } = bindSchema(parseTree(before, 'yaml'));
  const asked = variables.flatMap(({ keys, source, valueType = '' }) => {
    const place = scalarText(keys.get('path')?.value);
    return source === 'NXS' && place !== undefined ? [{ place, valueType }] : [];
  });
  const read = async (file: string): Promise<void> => {
    const opened = await openNexusInTime(file);
    const reader = nexusReader(opened);
    for (const { place, valueType } of asked) await reader.read(place, valueType);
    await opened.close();
  };
  for (const { what, after, changes } of [
    { what: 'one line changed', after: before.replaceAll('A measurement', 'Another measurement'), changes: 1 },
    { what: 'every item changed', after: before.replaceAll('human_name: Field', 'human_name: Item'), changes: scalars },
  ]) {
    const comparison = comparisonWith(after);
    let [reading, comparing, changed] = [0, 0, 0];
    for (let start = 0; start < samples; start += turn) {
      const some = files.slice(start, start + turn);
      reading += await elapsed(async () => {
        for (const file of some) await read(file);
      });
      comparing += await elapsed(async () => {
        for (const file of some) changed += (await comparison.compare(file)).changes.length;
      });
    }
    if (changed !== samples * changes) throw new Error(`of ${samples} files ${changed} come out differently`);
    bench.add({
      area: 'diff',
      what: `${samples} files of ${scalars} scalars compared, ${what}`,
      unit: 's',
      ours: comparing / 1000,
      peer: { name: 'the same files opened and read', value: reading / 1000 },
      target: { ratioAtMost: 1.2 },
    });
  }
  rmSync(folder, { recursive: true });
}
