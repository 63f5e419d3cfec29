import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, inject, it } from 'vitest';
import * as protocol from '../../server/protocol.ts';
import { startClient } from '../support/languageClient.ts';
import { schemaText } from '../support/schemaTexts.ts';

const requests: string[] = [];
const scicat = createServer((request, response) => {
  requests.push(`${request.headers.authorization ?? '-'} ${request.url ?? ''}`);
  const found = request.url?.endsWith('/proposals/p1') === true;
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(found ? { title: 'Ice' } : { message: 'not here' }));
});
await new Promise<void>((resolve) => scicat.listen(0, '127.0.0.1', resolve));
afterAll(() => scicat.close());
const address = `http://127.0.0.1:${(scicat.address() as AddressInfo).port}/api/v3`;

const client = await startClient(inject('serverProgram'));

it('asks SciCat on request alone, and keeps the answers while somebody types', async () => {
  const text = schemaText({
    variables: `
title:
  source: SC
  url: proposals/p1
  field: title
  value_type: string
lost:
  source: SC
  url: proposals/p2
  field: title
  value_type: string`,
  });
  const document = await client.open('untitled:asking.imsc.yml', text);
  const { uri } = document;
  const states = async () => {
    const data = await client.ask(protocol.evaluation, { uri });
    return ['title', 'lost'].map((name) => data?.variables.find((each) => each.name === name)?.outcome.state);
  };
  expect(await states()).toEqual(['unknown', 'unknown']);
  expect(requests).toEqual([]);

  const answer = await client.ask(protocol.askScicat, { uri, address, token: 'secret' });
  expect(answer).toMatchObject({ known: 1, failed: [{ name: 'lost' }] });
  expect(requests).toEqual(['Bearer secret /api/v3/proposals/p1', 'Bearer secret /api/v3/proposals/p2']);
  expect(await states()).toEqual(['known', 'failed']);

  const at = text.indexOf('proposals/p2') + 'proposals/p'.length;
  await client.edit(document, at, at + 1, '3');
  expect(await states()).toEqual(['known', 'unknown']);
  expect(requests).toHaveLength(2);
});
