import { describe, expect, it } from 'vitest';
import { measurement, send, serve } from './served.ts';
import type { Answered, Served } from './served.ts';

const get = ({ service }: Served, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> =>
  send(service.url, { method: 'GET', path, headers });

describe('whoever runs the service', () => {
  it('sees figures of requests and jobs', async () => {
    const served = await serve();
    measurement(served.data, 'run');
    await send(served.service.url, { method: 'POST', path: '/api/arksys/ingest?ingestPath=run', headers: { 'Content-Length': '0' } }); // prettier-ignore
    await served.ended('1');
    await get(served, '/api/arksys/ingest/99');
    await get(served, '/health?x=1');
    const { status, headers, body } = await get(served, '/metrics');
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4']);
    const lines = body.split('\n');
    for (const line of [
      'imsc_requests_total{protocol="arkivum",status="2xx"} 1',
      'imsc_requests_total{protocol="arkivum",status="4xx"} 1',
      'imsc_requests_total{protocol="upkeep",status="2xx"} 1',
      'imsc_jobs_total{state="ingested"} 1',
      'imsc_job_runs_total 1',
      'imsc_jobs_waiting 0',
      '# TYPE imsc_requests_total counter',
    ])
      expect(lines).toContain(line);
    expect(Number(/^process_resident_memory_bytes (\d+)$/m.exec(body)?.[1])).toBeGreaterThan(1_000_000);
    expect(body).not.toContain(served.sandbox.token);
  });

  it.each(['arkivum', 'sword', 'openem', 'native'])('is told that it is well where only %s is spoken', async (name) => {
    const served = await serve('', { protocols: [name] });
    const { status, body } = await get(served, '/health');
    expect([status, body]).toEqual([200, '{"status":"ok"}']);
    expect((await get(served, '/metrics')).status).toBe(200);
  });

  it('is told what is not well', async () => {
    const served = await serve('', { config: { 'scicat.host': 'http://127.0.0.1:9/api/v3' } });
    expect(JSON.parse((await get(served, '/health')).body)).toMatchObject({
      status: 'error',
      errors: { scicat: expect.any(String) as string },
    });
  });

  it('needs an account for figures where others do, and none to be told that it is well', async () => {
    const served = await serve('auth: accounts\naccounts_file: ACCOUNTS\n');
    expect((await get(served, '/health')).status).toBe(200);
    const refused = await get(served, '/metrics');
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Basic realm="imsc"']);
    const Authorization = `Basic ${Buffer.from(`eprints:${served.secret}`).toString('base64')}`;
    expect((await get(served, '/metrics', { Authorization })).status).toBe(200);
  });
});
