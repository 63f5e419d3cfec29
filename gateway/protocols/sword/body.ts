import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { boundedBody } from '../../../core/http/boundedBody.ts';
import type { IncomingPart, NewPart } from '../../../core/jobs/jobs.ts';
import { budget } from '../../../core/limits/budget.ts';
import { archiveFormat } from '../../../core/packages/formats.ts';
import { readAtomEntry } from '../../../core/packages/metadata/atomEntry.ts';
import type { AtomEntry, ReadAtom } from '../../../core/packages/metadata/atomEntry.ts';
import { bodyOf } from '../../http/environment.ts';
import type { GatewayContext } from '../../http/environment.ts';
import { dispositionOf, mediaTypeOf } from '../../http/mediaTypes.ts';
import { contentOfPart, decodeBase64, MultipartError, splitMultipart } from '../../http/multipart.ts';
import { HttpRefusal } from '../../http/refusal.ts';
import type { Services } from '../../protocol.ts';
import { packagings } from './names.ts';

/** What came with a request: on disk, and belonging to no deposit yet. */
export interface Deposited {
  readonly media?: NewPart | undefined;
  readonly metadata?:
    { readonly part: NewPart; readonly entry: AtomEntry; readonly given: ReadAtom['given'] } | undefined;
  /** Lets go of all that nobody took. */
  discard(): Promise<void>;
}

/** A header of the request, also as one client writes it: with underscores. */
export function headerOf({ req }: GatewayContext, name: string): string | undefined {
  return req.header(name) ?? req.header(name.replaceAll('-', '_'));
}

/** Whether more is to come. Absent means no. */
export function isInProgress(context: GatewayContext): boolean {
  return headerOf(context, 'in-progress')?.trim().toLowerCase() === 'true';
}

/** What nobody does on behalf of others here. @throws HttpRefusal 412 */
export function refuseMediation(context: GatewayContext): void {
  if (headerOf(context, 'on-behalf-of') !== undefined || headerOf(context, 'x-on-behalf-of') !== undefined)
    throw new HttpRefusal(412, 'Nobody can deposit here on behalf of somebody else.', { code: 'MediationNotAllowed' });
}

/**
 * Whether the request has no body: then it completes a deposit, whatever it says of its type. Over a connection one that
 * announces none has none (RFC 9112), as curl sends it.
 */
export function isEmpty({ req, env }: GatewayContext): boolean {
  const length = req.header('content-length');
  if (length !== undefined || req.header('transfer-encoding') !== undefined) return length === '0';
  return env.incoming !== undefined || !req.raw.body;
}

/** What is said of a file, by the headers of the request or of a part. */
interface Headers {
  get(name: string): string | undefined;
}

/**
 * Takes what a request brings: an Atom entry, a file, or both.
 * @throws HttpRefusal; nothing stays then
 */
export async function receive(services: Services, context: GatewayContext): Promise<Deposited> {
  const found: { media?: NewPart; metadata?: NonNullable<Deposited['metadata']> } = {};
  const discard = async (): Promise<void> => {
    await found.media?.incoming.discard();
    await found.metadata?.part.incoming.discard();
  };
  const headers: Headers = { get: (name) => headerOf(context, name) };
  const type = mediaTypeOf(context.req.header('content-type'));
  try {
    if (type?.type.startsWith('multipart/') === true) {
      const { boundary } = type.parameters;
      if (boundary === undefined) throw new HttpRefusal(400, 'The multipart body has no boundary.');
      await receiveParts(services, context, boundary, headers, found);
    } else if (type?.type === 'application/atom+xml')
      found.metadata = await receiveAtom(services, bodyOf(context), headers);
    else found.media = await receiveMedia(services, bodyOf(context), headers, headers.get('content-md5'), true);
  } catch (error) {
    await discard();
    throw error;
  }
  return { ...found, discard };
}

const isAtomPart = (name: string | undefined, type: string | undefined): boolean =>
  name === 'atom' || (name !== 'payload' && name !== 'file' && type === 'application/atom+xml');

async function receiveParts(
  services: Services,
  context: GatewayContext,
  boundary: string,
  request: Headers,
  found: { media?: NewPart; metadata?: NonNullable<Deposited['metadata']> },
): Promise<void> {
  const events = splitMultipart(bodyOf(context), boundary);
  for (let next = await events.next(); next.done !== true; next = await events.next()) {
    if (next.value.kind !== 'part') continue;
    const { headers: own } = next.value;
    const headers: Headers = { get: (name) => own.get(name) };
    const { name } = dispositionOf(own.get('content-disposition')) ?? {};
    const isAtom = isAtomPart(name, mediaTypeOf(own.get('content-type'))?.type);
    if (isAtom ? found.metadata : found.media)
      throw new HttpRefusal(415, 'A multipart deposit has one Atom entry and one file.');
    const content = contentOfPart(events);
    const decoded = /^\s*base64\s*$/i.test(own.get('content-transfer-encoding') ?? '')
      ? decodeBase64(content)
      : content;
    if (isAtom) found.metadata = await receiveAtom(services, decoded, headers);
    else {
      const md5 = own.get('content-md5') ?? own.get('content_md5') ?? request.get('content-md5');
      const packaging = own.get('packaging') ?? request.get('packaging');
      const both: Headers = { get: (each) => (each === 'packaging' ? packaging : own.get(each)) };
      found.media = await receiveMedia(services, decoded, both, md5, false);
    }
  }
  if (!found.metadata || !found.media)
    throw new HttpRefusal(415, 'A multipart deposit has one Atom entry and one file.');
}

async function receiveAtom(
  { jobs }: Services,
  body: AsyncIterable<Uint8Array>,
  headers: Headers,
): Promise<NonNullable<Deposited['metadata']>> {
  const bytes = await boundedBody(body, budget.packages.atomEntry);
  const mediaType = headers.get('content-type');
  const { entry, given, problems } = readAtomEntry(bytes, { charset: mediaTypeOf(mediaType)?.parameters['charset'] });
  const errors = problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  if (!entry || errors.length > 0)
    throw new HttpRefusal(400, errors[0] ?? 'The entry cannot be read.', { details: errors.slice(1) });
  const incoming = await jobs.receive(Readable.from([bytes]), { most: budget.packages.atomEntry });
  return { part: { incoming, about: { kind: 'metadata', name: 'atom.xml', mediaType } }, entry, given };
}

const archiveTypes: ReadonlySet<string> = new Set([
  'application/zip',
  'application/x-tar',
  'application/gzip',
  'application/x-gzip',
  'application/x-7z-compressed',
]);

async function receiveMedia(
  services: Services,
  body: AsyncIterable<Uint8Array>,
  headers: Headers,
  md5: string | undefined,
  isAlone: boolean,
): Promise<NewPart> {
  const mediaType = mediaTypeOf(headers.get('content-type'))?.type ?? 'application/octet-stream';
  if (!archiveTypes.has(mediaType) && mediaType !== 'application/octet-stream')
    throw new HttpRefusal(
      415,
      `Files of the type ${mediaType} are not taken; send zip, tar, gzip, 7z or octet-stream.`,
    );
  const packaging = headers.get('packaging');
  if (packaging !== undefined && !Object.values(packagings).some((known) => known === packaging))
    throw new HttpRefusal(415, `The packaging ${packaging} is not known here.`);
  if (md5 !== undefined && !/^\s*[0-9a-f]{32}\s*$/i.test(md5))
    throw new HttpRefusal(400, 'Content-MD5 must be 32 hexadecimal digits.');
  const { filename } = dispositionOf(headers.get('content-disposition')) ?? {};
  if (filename === undefined && isAlone)
    throw new HttpRefusal(400, 'Content-Disposition must give the file a name: attachment; filename=data.zip');
  const incoming = await checked(services, body, md5?.trim().toLowerCase());
  const isPacked = packaging !== packagings.binary && (await archiveFormat(incoming.file)) !== undefined;
  // What says that it is an archive and cannot be read as one is refused by the checks.
  const isAnnounced =
    packaging === packagings.simpleZip ||
    packaging === packagings.bagIt ||
    (archiveTypes.has(mediaType) && packaging === undefined);
  return {
    incoming,
    about: { kind: isPacked || isAnnounced ? 'archive' : 'file', name: filename ?? 'data', mediaType, packaging },
  };
}

/** What arrived, if it is what it should be; also where only its base64 is, which one client does not announce. */
async function checked(
  { jobs, settings }: Services,
  body: AsyncIterable<Uint8Array>,
  md5: string | undefined,
): Promise<IncomingPart> {
  const most = settings.limits.upload;
  const incoming = await jobs.receive(body, { most, withMd5: md5 !== undefined, isLetGo: true });
  if (md5 === undefined || incoming.digests.md5 === md5) return incoming;
  try {
    const decoded = await jobs.receive(decodeBase64(createReadStream(incoming.file)), { most, withMd5: true });
    if (decoded.digests.md5 === md5) return decoded;
    await decoded.discard();
  } catch (error) {
    if (!(error instanceof MultipartError)) throw error;
  } finally {
    await incoming.discard();
  }
  throw new HttpRefusal(412, `What arrived has the MD5 ${incoming.digests.md5 ?? ''}, not ${md5}.`);
}
