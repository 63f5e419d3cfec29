import { HttpRefusal } from '../../http/refusal.ts';
import { faultOfPath } from '../../locations.ts';
import type { ServeSettings } from '../../settings/serveSettings.ts';

/** What POST /ingest asks for, as it was given. */
export interface IngestParameters {
  readonly ingestPath: string;
  readonly metadataPath: string | null;
  readonly datapool: string;
  readonly folderPath: string;
  readonly jobTag: string | null;
  readonly unpack: boolean;
  readonly isArchive: boolean;
  readonly locationId: string;
}

const usualPool = { name: 'Default', path: '' };

/** The data pools; there is always one. */
export function datapoolsOf({ protocols }: ServeSettings): readonly { readonly name: string; readonly path: string }[] {
  const { datapools } = protocols.arkivum;
  return datapools.length === 0 ? [usualPool] : datapools;
}

/**
 * Reads the parameters; others than these are ignored.
 * @throws HttpRefusal 400 with all that is wrong
 */
export function readParameters(query: URLSearchParams, settings: ServeSettings): IngestParameters {
  const faults: string[] = [];
  const one = (name: string): string | undefined => {
    const given = query.getAll(name);
    if (given.length > 1) faults.push(`${name}: must be given once`);
    return given[0];
  };
  const flag = (name: string): boolean => {
    const given = one(name);
    if (given !== undefined && !/^(?:true|false)$/i.test(given))
      faults.push(`${name}: must be true or false, not ${given}`);
    return given?.toLowerCase() === 'true';
  };
  const below = (name: string, given: string | undefined): void => {
    const fault = given === undefined ? undefined : faultOfPath(given);
    if (fault !== undefined) faults.push(`${name}: ${fault}`);
  };
  const known = (name: string, given: string | undefined, names: readonly string[]): string => {
    if (given !== undefined && !names.includes(given)) faults.push(`${name}: there is no ${given}`);
    return given ?? names[0] ?? '';
  };
  const ingestPath = one('ingestPath');
  if (ingestPath === undefined) faults.push('ingestPath: required');
  below('ingestPath', ingestPath);
  const metadataPath = one('metadataPath');
  below('metadataPath', metadataPath);
  const folderPath = one('folderPath');
  if (folderPath !== undefined && folderPath !== '') below('folderPath', folderPath.replace(/^\/+/, ''));
  const unpack = flag('unpack');
  const isArchive = flag('isArchive');
  const children = one('splitterChildren');
  if (children !== undefined && !/^[1-9]\d{0,8}$/.test(children))
    faults.push(`splitterChildren: must be a number, not ${children}`);
  const datapool = known(
    'datapool',
    one('datapool'),
    datapoolsOf(settings).map(({ name }) => name),
  );
  const locationId = known(
    'locationId',
    one('locationId'),
    settings.locations.map(({ name }) => name),
  );
  const jobTag = one('jobTag');
  if (locationId === '') faults.push('locationId: this service has no ingest location');
  if (faults.length > 0) {
    const message =
      ingestPath === undefined && faults.length === 1 ? 'ingestPath is missing.' : 'The request cannot be carried out.';
    throw new HttpRefusal(400, message, { details: faults });
  }
  return {
    ingestPath: ingestPath ?? '',
    metadataPath: metadataPath ?? null,
    datapool,
    folderPath: folderPath ?? '',
    jobTag: jobTag ?? null,
    unpack,
    isArchive,
    locationId,
  };
}
