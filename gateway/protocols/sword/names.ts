import type { Job } from '../../../core/jobs/jobs.ts';
import type { Services } from '../../protocol.ts';

/** The prefixes that one client asks for are literally these. */
export const namespaces = {
  atom: 'http://www.w3.org/2005/Atom',
  app: 'http://www.w3.org/2007/app',
  sword: 'http://purl.org/net/sword/terms/',
  dcterms: 'http://purl.org/dc/terms/',
  swh: 'https://www.softwareheritage.org/schema/2018/deposit',
} as const;

export const packagings = {
  simpleZip: 'http://purl.org/net/sword/package/SimpleZip',
  binary: 'http://purl.org/net/sword/package/Binary',
  bagIt: 'http://purl.org/net/sword/package/BagIt',
} as const;

export const atomEntry = 'application/atom+xml;type=entry;charset=utf-8';
export const atomFeed = 'application/atom+xml;type=feed;charset=utf-8';

/** A collection, with what it is ingested by. */
export interface Collection {
  readonly name: string;
  readonly title: string;
  readonly config: string;
  readonly schema: string;
  readonly approval: boolean;
}

/** The collections; there is always one. */
export function collectionsOf({ settings }: Services): readonly Collection[] {
  const { collections } = settings.protocols.sword;
  return collections.length === 0
    ? [{ name: 'deposits', title: 'Deposits', config: '', schema: '', approval: false }]
    : collections;
}

/** The addresses of a deposit, with a slash at their ends. */
export function addressesOf(services: Services, { collection = '', id }: Job): Readonly<Record<Address, string>> {
  const base = `${services.address()}/1/${collection}/${id}`;
  return {
    edit: `${base}/atom/`,
    media: `${base}/media/`,
    metadata: `${base}/metadata/`,
    status: `${base}/status/`,
    statement: `${base}/statement/`,
    content: `${base}/content/`,
  };
}

type Address = 'edit' | 'media' | 'metadata' | 'status' | 'statement' | 'content';

/** How a deposit stands, as Software Heritage says it. */
export function depositStatus({ status }: Job): string {
  if (status === 'draft') return 'partial';
  return status === 'cancelled' ? 'failed' : status;
}

/** The same in words; of a rejected deposit all that was found. */
export function statusDetail(job: Job, warnings: readonly string[]): string {
  const errors = job.statusDetail.filter(({ severity }) => severity === 'error').map(({ message }) => `- ${message}`);
  // Of a draft, that it will expire.
  const foreseen = job.status === 'draft' ? job.statusDetail.map(({ message }) => message) : [];
  const waits = job.hold && holdTexts[job.hold.for];
  const first =
    errors.length > 0 && (job.status === 'rejected' || job.status === 'failed')
      ? errors.join('\n')
      : (waits ?? statusTexts[job.status]);
  return [first, ...[...foreseen, ...warnings].map((warning) => `- ${warning}`)].join('\n');
}

const holdTexts = {
  approval: 'The deposit has passed its checks and waits for approval',
  credentials: 'The deposit waits: the service cannot sign in to SciCat now',
  retry: 'The deposit waits: SciCat cannot be reached now',
} as const;

const statusTexts: Readonly<Record<Job['status'], string>> = {
  draft: 'Deposit is partially received. To finalize it, In-Progress header should be false',
  deposited: 'Deposit is fully received and waits for its checks',
  verified: 'Deposit is fully received, checked, and ready for loading',
  loading: 'The deposit is being ingested',
  done: 'The deposit has been ingested',
  rejected: 'The deposit failed the checks',
  failed: 'The ingestion of the deposit failed',
  expired: 'The deposit was not completed in time and has expired',
  cancelled: 'cancelled',
};
