import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

/** Answers of a real SciCat that differ from what one would expect. */
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  const dataset = { ...v4, pid: 'lab/1', isPublished: true };
  expect((await ask('ingestor', 'POST', 'v4/datasets', dataset)).status).toBe(201);
});
afterAll(() => sandbox.close());

const v4 = {
  type: 'raw',
  datasetName: 'Lamella',
  owner: 'Bea',
  contactEmail: 'bea@example.org',
  ownerGroup: '443503',
  sourceFolder: '/lab',
  creationTime: '2026-03-04T05:06:07Z',
};
const v3 = { ...v4, principalInvestigator: 'Bea', creationLocation: 'LAB' };

async function ask(as: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${sandbox.url}/api/${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(as !== '' && { authorization: `Bearer ${sandbox.tokenOf(as)}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text };
}

const nested = 'each value in nested property relationships must be either object or array';

describe('answers as of SciCat', () => {
  it.each<[string, string, string, unknown, number, string]>([
    ['', 'GET', 'v4/datasets/lab%2Fnone', undefined, 404, 'dataset: null not found'],
    ['', 'GET', 'v4/datasets', undefined, 403, 'Unauthorized access'],
    ['user', 'POST', 'v4/datasets', { ...v4, ownerGroup: 'others' }, 403, 'Unauthorized access'],
    ['user', 'POST', 'v3/datasets', { ...v3, ownerGroup: 'others' }, 403, 'Unauthorized to create this dataset'],
    ['ingestor', 'POST', 'v4/datasets', { ...v4, relationships: [1] }, 400, `relationships.${nested}`],
    ['ingestor', 'POST', 'v3/datasets', { ...v3, relationships: [1] }, 400, nested],
    [
      'ingestor',
      'POST',
      'v4/datasets',
      { ...v4, datasetlifecycle: { publishedOn: 'soon' } },
      500,
      'Something went wrong',
    ],
    [
      'ingestor',
      'POST',
      'v3/datasets',
      { ...v3, datasetlifecycle: { publishable: 'x' } },
      500,
      'datasetlifecycle.publishable',
    ],
    ['ingestor', 'POST', 'v4/datasets', { ...v4, sampleIds: 's' }, 201, '"sampleIds":["s"]'],
    ['user', 'GET', 'v4/datasets?filter={', undefined, 400, 'Invalid JSON in filter: '],
    ['user', 'GET', 'v3/samples/none', undefined, 404, 'Sample: none not found'],
    ['', 'GET', 'v3/auth/whoami', undefined, 200, ''],
    ['', 'GET', 'v4/datasets/public/lab%2F1', undefined, 200, '"pid":"lab/1"'],
    [
      'ingestor',
      'GET',
      'v3/datasets/fullquery?fields={"ownerGroup":"443503"}&limits={"limit":1}',
      undefined,
      200,
      'Lamella',
    ],
    ['ingestor', 'POST', 'v3/datasets/lab%2F1/attachments', { caption: 'c', ownerGroup: 'g' }, 201, '"caption":"c"'],
    ['ingestor', 'GET', 'v3/datasets/lab%2F1/attachments', undefined, 200, '['],
    ['ingestor', 'POST', 'v3/jobs', {}, 400, 'Invalid job type: undefined'],
    ['ingestor', 'POST', 'v4/jobs', { type: 'a' }, 400, 'jobParams must be an object'],
    ['', 'GET', 'v4/jobs', undefined, 403, 'Forbidden resource'],
    ['user', 'GET', 'v4/jobs/none', undefined, 400, 'Invalid job id.'],
  ])('%s %s %s', async (as, method, path, body, status, says) => {
    const answer = await ask(as, method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.text.replaceAll('\\"', '"')).toContain(says);
    if (says === '') expect(answer.text).toBe('');
  });
});
