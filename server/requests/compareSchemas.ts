import type { CancellationToken, ResponseError } from 'vscode-languageserver';
import { diffRecord } from '../../core/ingest/trial/diffRecord.ts';
import { SchemaComparison } from '../../core/ingest/trial/schemaDiff.ts';
import type { SampleDiff } from '../../core/ingest/trial/schemaDiff.ts';
import { sideOfText } from '../../core/ingest/trial/schemaSides.ts';
import { cancelled, refused } from '../context.ts';
import type { ServerContext } from '../context.ts';
import { fileOf } from '../documents/documentKind.ts';
import type { CompareSchemasParameters } from '../protocol.ts';

/** Evaluates files with both texts, one file after the other, as the command line does. */
export function comparedSchemas(server: ServerContext) {
  return async (
    { uri, text, before, samples }: CompareSchemasParameters,
    token: CancellationToken,
  ): Promise<object | ResponseError> => {
    if (!server.samples.trusted) return refused('A comparison reads files; trust the workspace to run it.');
    const [file, earlier] = [fileOf(uri), fileOf(before.uri)];
    if (file === undefined || earlier === undefined) return refused('A schema is compared when it has been saved.');
    const sides = { before: await sideOfText(earlier, before.text), after: await sideOfText(file, text) };
    const comparison = SchemaComparison.under(sides, await server.configs.orDefaults(uri));
    const problems = await comparison.refused();
    const diffs: SampleDiff[] = [];
    for (const sample of samples) {
      if (token.isCancellationRequested) return cancelled();
      diffs.push(await comparison.compare(sample));
    }
    return { ...diffRecord(diffs), problems: problems.map((message) => ({ message })) };
  };
}
