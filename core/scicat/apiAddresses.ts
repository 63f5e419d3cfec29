import { addressPart, addressPartFault } from '../text/addressPart.ts';
import type { ApiVersion } from './datasetForVersion.ts';
import { ScicatError } from './errors.ts';

/** What has a path of its own in the API, which a facility may have changed. */
export type EndpointName = 'datasets' | 'origdatablocks' | 'samples' | 'jobs';

/** Where things are in one SciCat. */
export interface ApiAddresses {
  /** @param path below the API, or a whole address */
  of(path: string): string;
  /** The same in a version of the API. @throws ScicatError where that version cannot be found */
  inVersion(version: ApiVersion, path: string): string;
  /** Accounts are in v3 of the API only. */
  ofAccounts(path: string): string;
  /** Whether the base is v3, beside which v4 can be found. */
  readonly isV3: boolean;
  endpoint(name: EndpointName): string;
  /** A dataset by its pid, and what is below it. @throws ScicatError for a pid that would lead elsewhere */
  datasetPath(pid: string, below?: string): string;
}

/**
 * @param baseUrl ends with `/api/v3` as a rule
 * @param endpoints paths that are not the usual ones
 */
export function apiAddresses(
  baseUrl: string,
  endpoints: Readonly<Partial<Record<EndpointName, string>>> = {},
): ApiAddresses {
  const base = baseUrl.replace(/\/+$/, '');
  const origin = URL.canParse(base) ? new URL(base).origin : base;
  const of = (path: string): string => (/^https?:\/\//i.test(path) ? path : `${base}/${path.replace(/^\/+/, '')}`);
  const endpoint = (name: EndpointName): string => {
    const path = endpoints[name] ?? name;
    // As a web address: what begins with a slash begins at the host.
    return path.startsWith('/') ? origin + path : path;
  };
  const isV3 = /\/v3$/i.test(base);
  return {
    of,
    endpoint,
    isV3,
    ofAccounts: (path) => `${base.replace(/\/v4$/i, '/v3')}/${path}`,
    inVersion(version, path) {
      const url = of(path);
      if (version === 'v3') return url;
      if (isV3) return url.replace(base, base.replace(/v3$/i, 'v4'));
      if (/\/v4$/i.test(base)) return url;
      const text = 'scicat.host does not end with /api/v3, so that v4 of the API cannot be found.';
      throw new ScicatError('bad-answer', text);
    },
    datasetPath(pid, below = '') {
      const fault = addressPartFault(pid);
      if (fault !== undefined) {
        const text = `The pid ${JSON.stringify(pid)} cannot be asked for: ${fault}.`;
        throw new ScicatError('invalid', text, { isUnsent: true });
      }
      return `${endpoint('datasets')}/${addressPart(pid)}${below}`;
    },
  };
}
