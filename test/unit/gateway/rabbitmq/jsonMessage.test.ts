import { expect, it } from 'vitest';
import { announcedByJson } from '../../../../gateway/rabbitmq/jsonMessage.ts';
import { budget } from '../../../../core/limits/budget.ts';

it.each([
  ['file_name', '{"job_id": "ill-0001", "file_name": "/illdata/261/d17/000001.nxs"}', '/illdata/261/d17/000001.nxs'],
  ['nexus_file', '{"job_id": "ill-0001", "nexus_file": "/a.nxs", "instrument_name": "D17"}', '/a.nxs'],
  ['both', '{"job_id": "ill-0001", "file_name": "/a.nxs", "nexus_file": "/b.nxs"}', '/a.nxs'],
  ['other letters', '{"job_id": "ill-0001", "file_name": "/data/Šárka µ/a.nxs"}', '/data/Šárka µ/a.nxs'],
])('%s is the file', (_, text, file) => {
  expect(announcedByJson(Buffer.from(text))).toEqual({ kind: 'file', file, tag: 'ill-0001', message: text });
});

it('a job may have a number', () => {
  expect(announcedByJson(Buffer.from('{"job_id": 17, "file_name": "/a.nxs"}'))).toMatchObject({ tag: '17' });
});

it.each([
  ['nothing', '', 'It is empty.'],
  ['no JSON', '{"job_id": ', 'It is not JSON in UTF-8.'],
  ['no UTF-8', Buffer.from('{"job_id": "a", "file_name": "/\xff"}', 'latin1'), 'It is not JSON in UTF-8.'],
  ['a list', '[1]', 'It is no JSON object.'],
  ['no file', '{"pid": "x-1", "title": "a"}', 'It names no file'],
  ['a file that is no text', '{"job_id": "a", "file_name": 7}', 'It names no file'],
  [
    'a name that is a list',
    '{"job_id": "a", "nexus_file": ["/a.nxs"]}',
    'It names no file: its nexus_file is no text.',
  ],
  ['a job that is a list', '{"job_id": [], "file_name": "/a.nxs"}', 'Its job_id is neither a text nor a number.'],
  ['an empty name', '{"job_id": "a", "file_name": ""}', 'It names no file'],
  ['no job', '{"file_name": "/a.nxs"}', 'It has no job_id.'],
  ['a zero byte', String.raw`{"job_id": "a", "file_name": "/a\u0000.nxs"}`, 'Its file name has a zero byte.'],
  ['deep lists', '['.repeat(1_000_000), 'It is not JSON in UTF-8.'],
  ['far too much', Buffer.alloc(budget.kafka.message + 1, ' '), 'It is larger than 16 MB.'],
])('%s is put aside', (_, content, reason) => {
  const announced = announcedByJson(Buffer.from(content));
  expect(announced.kind === 'damaged' && announced.reason).toContain(reason);
});
