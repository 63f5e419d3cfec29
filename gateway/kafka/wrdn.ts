import { budget, megabytes } from '../../core/limits/budget.ts';
import type { Announced } from '../online/source.ts';
import { DamagedMessage, FlatTable } from './flatbuffer.ts';

/** What a file writer says when a file is complete: `wrdn`, “finished writing”. */
export interface FinishedWriting {
  readonly serviceId: string;
  readonly jobId: string;
  /** The file writer has failed; the file is not what it should be. */
  readonly hasFailed: boolean;
  /** As it was sent; not empty. */
  readonly fileName: string;
  /** JSON, if the sender kept to it. */
  readonly metadata: string | undefined;
  readonly message: string | undefined;
}

export type Decoded =
  | { readonly kind: 'finished'; readonly finished: FinishedWriting }
  /** Nothing for an ingestor: another kind of message, or none. */
  | { readonly kind: 'other' }
  /** It should have been understood, and cannot be. */
  | { readonly kind: 'damaged'; readonly reason: string };

/** ESS's schema `wrdn_finished_writing.fbs` (ess-dmsc/streaming-data-types): the places of its fields. */
const slots = { serviceId: 0, jobId: 1, hasFailed: 2, fileName: 3, metadata: 4, message: 5 } as const;

/** Reads a message of a file writer's topic. Nothing in it is believed unchecked, and it never throws. */
export function decodeWrdn(bytes: Uint8Array | null): Decoded {
  if (bytes === null) return { kind: 'other' };
  if (bytes.length < 8) return { kind: 'damaged', reason: `It has ${bytes.length} bytes, too few for any message.` };
  if (Buffer.from(bytes.subarray(4, 8)).toString('latin1') !== 'wrdn') return { kind: 'other' };
  if (bytes.length > budget.kafka.message)
    return { kind: 'damaged', reason: `It is larger than ${megabytes(budget.kafka.message)}.` };
  try {
    return { kind: 'finished', finished: finishedWriting(new FlatTable(bytes)) };
  } catch (error) {
    if (!(error instanceof DamagedMessage)) throw error;
    return { kind: 'damaged', reason: error.message };
  }
}

function finishedWriting(table: FlatTable): FinishedWriting {
  const required = (slot: number, name: string): string => {
    const text = table.text(slot, name);
    if (text === undefined || text === '') throw new DamagedMessage(`It has no ${name}.`);
    return text;
  };
  return {
    serviceId: required(slots.serviceId, 'service_id'),
    jobId: required(slots.jobId, 'job_id'),
    hasFailed: table.boolean(slots.hasFailed, 'error_encountered', false),
    fileName: required(slots.fileName, 'file_name'),
    metadata: table.text(slots.metadata, 'metadata'),
    message: table.text(slots.message, 'message'),
  };
}

/**
 * The message as the Python ingestor writes it into its message files: `json.dumps` of a named tuple is a list. Absent
 * texts are null; empty ones too, as `ess-streaming-data-types` reads them.
 */
export function messageFileText(finished: FinishedWriting): string {
  const { serviceId, jobId, hasFailed, fileName, metadata, message } = finished;
  const orNull = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);
  return JSON.stringify([serviceId, jobId, hasFailed, fileName, orNull(metadata), orNull(message)]);
}

/** What a message of a file writer's topic says, and what is kept of it. */
export function announcedByWrdn(bytes: Uint8Array | null): Announced {
  const decoded = decodeWrdn(bytes);
  if (decoded.kind !== 'finished') return decoded;
  const { finished } = decoded;
  const { fileName: file, jobId: tag } = finished;
  if (finished.hasFailed) return { kind: 'failed-writing', file };
  return { kind: 'file', file, tag, message: messageFileText(finished) };
}
