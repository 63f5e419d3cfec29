import type { Job } from '../../../core/jobs/jobs.ts';
import { element, xml, xmlDocument } from '../../http/xml.ts';
import type { Xml } from '../../http/xml.ts';
import type { HttpRefusal } from '../../http/refusal.ts';
import type { Services } from '../../protocol.ts';
import { addressesOf, collectionsOf, depositStatus, namespaces, packagings, statusDetail } from './names.ts';

const { atom, app, sword, dcterms, swh } = namespaces;

export function document(root: Xml, contentType: string, status = 200, headers: Readonly<Record<string, string>> = {}) {
  return new Response(xmlDocument(root), { status, headers: { 'Content-Type': contentType, ...headers } });
}

const codes: Readonly<Record<number, string>> = {
  401: 'ErrorUnauthorized',
  403: 'ErrorForbidden',
  404: 'ErrorNotFound',
  405: 'MethodNotAllowed',
  406: 'ErrorContent',
  412: 'ErrorChecksumMismatch',
  413: 'MaxUploadSizeExceeded',
  415: 'ErrorContent',
};

/** Every refusal of this protocol. */
export function errorDocument({ status, message, details, headers, code }: HttpRefusal): Response {
  const href = `http://purl.org/net/sword/error/${code ?? codes[status] ?? 'ErrorBadRequest'}`;
  const more =
    details.length > 0 ? xml`<sword:verboseDescription>${details.join('\n')}</sword:verboseDescription>` : undefined;
  const root = xml`<sword:error xmlns="${atom}" xmlns:sword="${sword}" href="${href}">
  <title>ERROR</title>
  <updated>${new Date().toISOString()}</updated>
  <summary>${message}</summary>
  <sword:treatment>Nothing was changed.</sword:treatment>
  ${more}
</sword:error>`;
  return document(root, 'application/xml; charset=utf-8', status, headers);
}

export function serviceDocument(services: Services): Xml {
  const kilobytes = Math.floor(services.settings.limits.upload / 1000);
  const media = [
    'application/zip',
    'application/x-tar',
    'application/gzip',
    'application/x-7z-compressed',
    'application/octet-stream',
  ];
  const accepts = [...media, 'application/atom+xml;type=entry'].map((type) => xml`<accept>${type}</accept>`);
  const together = media.map((type) => xml`<accept alternate="multipart-related">${type}</accept>`);
  const collections = collectionsOf(services).map(
    ({ name, title }) => xml`
    <collection href="${services.address()}/1/${name}/">
      <atom:title>${title === '' ? name : title}</atom:title>
      ${accepts}
      ${together}
      <sword:collectionPolicy>The data of one dataset in each deposit.</sword:collectionPolicy>
      <dcterms:abstract>What is deposited is checked and ingested into SciCat.</dcterms:abstract>
      <sword:mediation>false</sword:mediation>
      <sword:treatment>Archives are unpacked, bags are checked, and the whole becomes one dataset.</sword:treatment>
      ${Object.values(packagings).map((packaging) => xml`<sword:acceptPackaging>${packaging}</sword:acceptPackaging>`)}
      <sword:name>${name}</sword:name>
    </collection>`,
  );
  return xml`<app:service xmlns:app="${app}" xmlns:atom="${atom}" xmlns:sword="${sword}" xmlns:dcterms="${dcterms}" xmlns="${app}">
  <sword:version>2.0</sword:version>
  <sword:maxUploadSize>${kilobytes}</sword:maxUploadSize>
  <workspace>
    <atom:title>imsc</atom:title>${collections}
  </workspace>
</app:service>`;
}

const rootNames = (): Xml =>
  xml`xmlns="${atom}" xmlns:app="${app}" xmlns:sword="${sword}" xmlns:dcterms="${dcterms}" xmlns:swhdeposit="${swh}"`;

/** What was sent, without what describes it. */
export function mediaOf({ parts }: Job): Job['parts'] {
  return parts.filter(({ kind }) => kind !== 'metadata');
}

const treatments = {
  draft: 'The deposit waits for more; it is ingested once it is completed.',
  other: 'The deposit is complete; it is checked, then ingested.',
} as const;

/** What the sender calls the dataset, or else the deposit. */
function titleOf({ id, slug, given }: Job): string {
  const name = given.deposited?.findLast(({ field }) => field === 'datasetName')?.value;
  return typeof name === 'string' && name !== '' ? name : (slug ?? `Deposit ${id}`);
}

/** The deposit receipt. */
export function receipt(services: Services, job: Job): Xml {
  const at = addressesOf(services, job);
  const media = mediaOf(job);
  const names = media.map(({ name }) => name).join(', ');
  return xml`<entry ${rootNames()}>
  <title>${titleOf(job)}</title>
  <id>${at.edit}</id>
  <updated>${job.changed}</updated>
  <author><name>${job.owner}</name></author>
  <summary type="text">Deposit ${job.id}: ${depositStatus(job)}</summary>
  <generator uri="https://github.com/SciCatProject" version="${services.version}">imsc</generator>
  <content type="${media[0]?.mediaType ?? 'application/zip'}" src="${at.content}"/>
  <link rel="edit" href="${at.edit}"/>
  <link rel="edit-media" href="${at.media}"/>
  <link rel="http://purl.org/net/sword/terms/add" href="${at.metadata}"/>
  <link rel="alternate" href="${at.status}"/>
  <link rel="http://purl.org/net/sword/terms/statement" type="application/atom+xml;type=feed" href="${at.statement}"/>
  <sword:packaging>${media[0]?.packaging ?? packagings.simpleZip}</sword:packaging>
  <sword:treatment>${job.status === 'draft' ? treatments.draft : treatments.other}</sword:treatment>
  <swhdeposit:deposit_id>${job.id}</swhdeposit:deposit_id>
  <swhdeposit:deposit_date>${job.created}</swhdeposit:deposit_date>
  <swhdeposit:deposit_archive>${names === '' ? 'None' : names}</swhdeposit:deposit_archive>
  <swhdeposit:deposit_status>${depositStatus(job)}</swhdeposit:deposit_status>
</entry>`;
}

export interface About {
  readonly warnings: readonly string[];
  readonly origin: string | undefined;
}

/** The status of a deposit, as Software Heritage has it. */
export function statusEntry(job: Job, { warnings, origin }: About): Xml {
  const swhid = job.status === 'done' ? job.swhid : undefined;
  const context = swhid !== undefined && origin !== undefined ? `${swhid};origin=${origin}` : swhid;
  const line = (name: string, value: string | undefined): Xml | undefined =>
    value === undefined ? undefined : element(`swhdeposit:${name}`, value);
  return xml`<entry ${rootNames()}>
  <title>Deposit ${job.id}</title>
  <swhdeposit:deposit_id>${job.id}</swhdeposit:deposit_id>
  <swhdeposit:deposit_status>${depositStatus(job)}</swhdeposit:deposit_status>
  <swhdeposit:deposit_status_detail>${statusDetail(job, warnings)}</swhdeposit:deposit_status_detail>
  ${line('deposit_swh_id', swhid)}
  ${line('deposit_swh_id_context', context)}
  ${line('deposit_external_id', job.slug)}
  ${line('deposit_origin_url', origin)}
</entry>`;
}

export interface ListedPage {
  readonly jobs: readonly Job[];
  readonly total: number;
}

/** The deposits of a collection. */
export function listFeed(services: Services, collection: string, { jobs, total }: ListedPage): Xml {
  const entries = jobs.map((job) => {
    const { edit } = addressesOf(services, job);
    const optional = (name: string, value: string | undefined): Xml | undefined =>
      value === undefined ? undefined : element(`swhdeposit:${name}`, value);
    return xml`
  <entry>
    <title>Deposit ${job.id}</title><id>${edit}</id><updated>${job.changed}</updated>
    <link rel="edit" href="${edit}"/>
    <swhdeposit:id>${job.id}</swhdeposit:id>
    <swhdeposit:reception_date>${job.created}</swhdeposit:reception_date>
    ${optional('complete_date', job.times.deposited)}
    ${optional('external_id', job.slug)}
    <swhdeposit:status>${depositStatus(job)}</swhdeposit:status>
    <swhdeposit:status_detail>${statusDetail(job, [])}</swhdeposit:status_detail>
    ${optional('swhid', job.swhid)}
  </entry>`;
  });
  return xml`<feed ${rootNames()}>
  <title>Deposits of ${collection}</title>
  <id>${services.address()}/1/${collection}/</id>
  <updated>${jobs[0]?.changed ?? new Date().toISOString()}</updated>
  <swhdeposit:count>${total}</swhdeposit:count>${entries}
</feed>`;
}

/** The statement: how it stands, and each part as it was deposited. */
export function statement(services: Services, job: Job, about: About): Xml {
  const at = addressesOf(services, job);
  const state = `${sword}state/${depositStatus(job)}`;
  const detail = statusDetail(job, about.warnings);
  const seconds = (iso: string): string => `${iso.slice(0, 19)}Z`;
  const parts = mediaOf(job).map(
    (part) => xml`
  <entry>
    <category scheme="${sword}" term="${sword}originalDeposit" label="Original Deposit">Original Deposit</category>
    <title>${part.name}</title>
    <id>${at.content}#${part.id}</id>
    <updated>${part.received}</updated>
    <content type="${part.mediaType ?? 'application/octet-stream'}" src="${at.content}">${part.name}</content>
    <sword:packaging>${part.packaging ?? packagings.binary}</sword:packaging>
    <sword:depositedOn>${seconds(part.received)}</sword:depositedOn>
    <sword:depositedBy>${job.owner}</sword:depositedBy>
  </entry>`,
  );
  return xml`<feed ${rootNames()}>
  <title>Statement of deposit ${job.id}</title>
  <id>${at.statement}</id>
  <updated>${job.changed}</updated>
  <link rel="self" href="${at.statement}"/>
  <category scheme="${sword}state" term="${state}" label="State">${detail}</category>
  <sword:state href="${state}"><sword:stateDescription>${detail}</sword:stateDescription></sword:state>${parts}
</feed>`;
}
