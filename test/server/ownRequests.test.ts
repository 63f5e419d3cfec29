import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { writeNexus } from '../../scripts/writeNexus.mjs';
import * as protocol from '../../server/protocol.ts';
import { startClient } from '../support/languageClient.ts';
import { temporaryFolder } from '../support/nexusFiles.ts';
import { schemaText } from '../support/schemaTexts.ts';

const file = join(temporaryFolder(), 'run.nxs');
await writeNexus(file, [{ path: '/entry/title', kind: 'dataset', dtype: 'vlen-utf8', value: 'Water' }]);
const client = await startClient(inject('serverProgram'), { initializationOptions: { trusted: true } });
/** As it is called without the types that would refuse it. */
const connection: { sendRequest(...parts: unknown[]): Promise<unknown> } = client.connection;
const { uri } = await client.open('untitled:own.imsc.yml', schemaText());

it.each(
  [
    protocol.sample,
    protocol.nexusChildren,
    protocol.nexusSearch,
    protocol.convertNotation,
    protocol.variableFromPath,
    protocol.evaluation,
    protocol.askScicat,
    protocol.datasetOf,
    protocol.newSchema,
    protocol.mergedSchema,
  ].map(({ method }) => method),
)('%s is answered without a token, and with null for one', async (method) => {
  const params = {
    ...{ uri, file, path: '/entry', offset: 0, limit: 10, text: '', address: 'http://127.0.0.1:9/api/v3' },
    ...{ paths: ['/entry/title'], notation: 'yaml', name: 'run' },
  };
  // With null it becomes a list, which is how a client sends a token that is undefined.
  // What is refused is answered, too.
  const ask = (...more: unknown[]) => connection.sendRequest(method, params, ...more).catch(String);
  const answers = [await ask(), await ask(null)];
  const [plain, withNull] = answers.map((answer) =>
    JSON.stringify(answer).replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, 'id'),
  );
  expect(withNull).toBe(plain);
});
