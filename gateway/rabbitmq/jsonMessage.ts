import { budget, megabytes } from '../../core/limits/budget.ts';
import type { Announced } from '../online/source.ts';

/**
 * What a message says that the ILL puts on RabbitMQ: JSON with `job_id`, and `file_name` or `nexus_file`
 * (SciCatProject/scicat-ingestor#141). Nothing in it is believed unchecked, and it never throws.
 */
export function announcedByJson(bytes: Uint8Array | null): Announced {
  const damaged = (reason: string): Announced => ({ kind: 'damaged', reason });
  if (bytes === null || bytes.length === 0) return damaged('It is empty.');
  if (bytes.length > budget.kafka.message) return damaged(`It is larger than ${megabytes(budget.kafka.message)}.`);
  let text: string;
  let content: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    content = JSON.parse(text);
  } catch {
    return damaged('It is not JSON in UTF-8.');
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    return damaged('It is no JSON object.');
  const fields = new Map<string, unknown>(Object.entries(content));
  const textOf = (name: string): string | undefined => {
    const value = fields.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const file = textOf('file_name') ?? textOf('nexus_file');
  if (file === undefined) {
    const odd = ['file_name', 'nexus_file'].find((name) => (fields.get(name) ?? '') !== '');
    return damaged(
      odd === undefined
        ? 'It names no file (file_name or nexus_file). Metadata without a file are not ingested.'
        : `It names no file: its ${odd} is no text.`,
    );
  }
  if (file.includes('\0')) return damaged('Its file name has a zero byte.');
  const job = fields.get('job_id');
  // Whatever makes the messages may count its jobs.
  const tag = typeof job === 'number' ? String(job) : textOf('job_id');
  if (tag === undefined)
    return damaged((job ?? '') === '' ? 'It has no job_id.' : 'Its job_id is neither a text nor a number.');
  return { kind: 'file', file, tag, message: text };
}
