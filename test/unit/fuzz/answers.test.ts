import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createScicatClient } from '../../../core/scicat/client.ts';
import type { ScicatClient } from '../../../core/scicat/client.ts';
import { ScicatError } from '../../../core/scicat/errors.ts';
import type { Fetch } from '../../../core/scicat/fetching/fetch.ts';
import { fuzzing, longest, mutated, patience } from './fuzzing.ts';

const token = 'SESAME-opens-4711';
const dataset =
  '{"pid":"20.500/1","datasetName":"x","sourceFolder":"/a","createdBy":"me","createdAt":"2025-01-01T00:00:00Z"}';

/** Bodies of each form that SciCat has, as it is known to answer. */
const bodies = [
  '{"message":["ownerGroup must be a string","dataFileList.0.property foo should not exist"],"error":"Bad Request","statusCode":400}',
  '{"status":400,"message":"[{\\"property\\":\\"contactEmail\\",\\"constraints\\":{\\"isEmail\\":\\"contactEmail must be an email\\"},\\"children\\":[{\\"property\\":\\"0\\"}]}]"}',
  '{"message":"A dataset with pid X already exists!","error":"Conflict","statusCode":409}',
  '{"message":"Unauthorized","statusCode":401}',
  '"Internal server error"',
  '{"errors":{"pid":{"message":"no"}},"_message":"DatasetClass validation failed","name":"ValidationError","message":"x"}',
  '{}',
  '',
  'null',
  '[]',
  `[${dataset}]`,
  dataset,
  '{"username":"me","email":"me@x.example","currentGroups":["g",1,null]}',
  '{"access_token":"eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.x","id":"y","user":{"username":"me"}}',
  '[{"dataFileList":[{"path":"a"},{"path":1},null]},{"dataFileList":{}},7]',
  '<html><head><title>502 Bad Gateway</title></head></html>',
  `{"message":"Bearer ${token} is not accepted"}`,
  `${'['.repeat(3000)}${']'.repeat(3000)}`,
];

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Thrown instead of an answer. */
  readonly failure: string | undefined;
}

const reply: fc.Arbitrary<Reply> = fc.record({
  status: fc.oneof(
    fc.constantFrom(200, 201, 204, 301, 302, 307, 400, 401, 403, 404, 408, 409, 413, 418, 429, 500, 502, 503),
    fc.integer({ min: 200, max: 599 }),
  ),
  headers: fc.dictionary(
    fc.constantFrom('retry-after', 'location', 'date', 'content-type'),
    fc.oneof(
      fc.constantFrom('0', '-1', '1e9', 'soon', '/', 'http://elsewhere.example/', '//', ':', 'text/html', 'Thu, 01 Jan 1970 00:00:00 GMT', 'ftp://x'),
      fc.string(),
    ),
    { maxKeys: 3 },
  ),
  body: fc.oneof(fc.constantFrom(...bodies), mutated(bodies), fc.json({ maxDepth: 4 }), fc.string()),
  failure: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom('ECONNRESET', 'ECONNREFUSED', 'CERT_HAS_EXPIRED', 'UND_ERR_SOCKET', 'X') }),
}); // prettier-ignore

const tries = 3;
/** Redirections of one attempt are followed, but not for ever. */
const mostPerQuestion = tries * 6;

const questions: readonly ((client: ScicatClient) => Promise<unknown>)[] = [
  (client) => client.get('proposals/1'),
  (client) => client.login('me', 'secret-password'),
  (client) => client.ldapLogin('me', 'secret-password'),
  (client) => client.whoami(),
  (client) => client.health(),
  (client) => client.datasetExists('20.500/1'),
  (client) => client.findDatasetsByMetadata('job.id', '"x"'),
  (client) => client.findDatasetsLike(dataset, '2025-01-01T00:00:00Z'),
  (client) => client.isDatasetMadeOf(dataset, '20.500/1', '2025-01-01T00:00:00Z'),
  (client) => client.findSamples('a', 'b'),
  (client) => client.datasetVersion(true),
  (client) => client.createDataset(dataset),
  (client) => client.origDatablocksOf('20.500/1'),
  (client) => client.createOrigDatablock('{"datasetId":"1"}'),
];

test('answers that are generated and mutated', { timeout: patience }, async () => {
  const property = fc.asyncProperty(
    fc.array(reply, { minLength: 1, maxLength: 4 }),
    fc.constantFrom(...questions),
    fc.constantFrom('v3' as const, 'v4' as const, 'auto' as const),
    async (replies, ask, apiVersion) => {
      let asked = 0;
      const posts: string[] = [];
      const fetch: Fetch = (url, { method, body }) => {
        const { status, headers, body: text, failure } = replies[asked++ % replies.length] ?? { status: 200, headers: {}, body: '', failure: undefined }; // prettier-ignore
        if (method === 'POST') posts.push(`${url} ${body ?? ''}`);
        if (failure !== undefined) return Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(failure), { code: failure }) })); // prettier-ignore
        return Promise.resolve({
          status,
          headers: { get: (name) => headers[name] ?? null },
          text: () => Promise.resolve(text),
        });
      };
      const client = createScicatClient({
        baseUrl: 'https://scicat.example/api/v3',
        token,
        apiVersion,
        fetch,
        retry: { tries, firstDelaySeconds: 0, maxDelaySeconds: 0 },
      });
      const before = performance.now();
      const error: unknown = await ask(client).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(performance.now() - before).toBeLessThan(longest);
      expect(asked).toBeLessThanOrEqual(2 * mostPerQuestion);
      // A write goes out once at one address, and again only in the other version of the API.
      expect(new Set(posts).size).toBe(posts.length);
      if (error === undefined) return;
      expect(error).toBeInstanceOf(ScicatError);
      if (!(error instanceof ScicatError)) return;
      expect(error.message).not.toMatch(/\n|\[object Object\]/);
      expect(JSON.stringify([error.message, error.fields])).not.toContain(token);
    },
  );
  await fc.assert(property, fuzzing(6000));
});
