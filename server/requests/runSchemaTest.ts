import type { ResponseError } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { readSmallFile } from '../../core/files/smallFile.ts';
import { runSchemaTest } from '../../core/ingest/trial/schemaTest.ts';
import type { SchemaTestResult } from '../../core/ingest/trial/schemaTest.ts';
import { schemaTestRecord } from '../../core/ingest/trial/schemaTestRecord.ts';
import type { PlaceOf } from '../../core/ingest/trial/schemaTestRecord.ts';
import { updateSchemaTest } from '../../core/ingest/trial/updateSchemaTest.ts';
import { refused } from '../context.ts';
import type { ServerContext } from '../context.ts';
import { fileOf } from '../documents/documentKind.ts';
import type { RanSchemaTest, RunSchemaTestParameters } from '../protocol.ts';

/** Runs a test of a schema with what lies in its files, as the command line does. */
export function ranSchemaTest({ samples }: ServerContext) {
  return async ({ uri, update }: RunSchemaTestParameters): Promise<RanSchemaTest | ResponseError> => {
    if (!samples.trusted) return refused('Tests read files; trust the workspace to run them.');
    const file = fileOf(uri);
    if (file === undefined) return refused('A test is run when it has been saved.');
    const started = performance.now();
    const result = await runSchemaTest(file);
    const milliseconds = Math.round(performance.now() - started);
    const record = schemaTestRecord({ ...result, milliseconds, updated: false, changes: [] }, await placesIn(result));
    const { test, tried } = result;
    const newText = update && test && tried ? updateSchemaTest(test, tried) : undefined;
    return newText === undefined || newText === test?.tree.text ? { record } : { record, newText };
  };
}

/** Lines and columns, from 1, in the files that a result speaks of; each is read once. */
async function placesIn({ differences, problems }: SchemaTestResult): Promise<PlaceOf> {
  const documents = new Map<string, TextDocument>();
  for (const { file, range } of [...differences, ...problems]) {
    if (file === undefined || range === undefined || documents.has(file)) continue;
    // What cannot be read has no places.
    const text = await readSmallFile(file).catch(() => '');
    documents.set(file, TextDocument.create(file, '', 0, text));
  }
  return (file, { start, end }) => {
    const document = documents.get(file);
    const place = (offset: number): object | undefined => {
      const found = document?.positionAt(offset);
      return found && { line: found.line + 1, column: found.character + 1 };
    };
    return document && { start: place(start), end: place(end) };
  };
}
