import { endpoints } from '../../imsc/schema/scicatUrls.ts';
import { ReadFailure } from '../../imsc/evaluation/readers.ts';
import type { CatalogueReader } from '../../imsc/evaluation/readers.ts';
import { valueFromJsonText } from '../../imsc/values/jsonText.ts';
import type { Value } from '../../imsc/values/values.ts';
import { ScicatError } from '../../scicat/errors.ts';
import type { Config } from '../../config/configOptions.ts';
import { NotKnown } from '../../imsc/evaluation/readers.ts';
import { utf8Bytes } from '../../text/utf8.ts';

/** What is needed of a connection to SciCat for reading variables. */
interface Getter {
  get(url: string): Promise<{ readonly bodyText: string }>;
}

type Endpoints = Config['scicat']['api_endpoints'];

/**
 * Reads variables from SciCat. A url that is asked for twice in one evaluation is fetched once; an answer that is
 * not a success is a failure (the Python ingestor takes the error's body for the value), and none at all leaves it unknown.
 */
export function catalogueReader(
  client: Getter,
  scicat: Pick<Config['scicat'], 'host' | 'api_endpoints'>,
): CatalogueReader {
  const answers = new Map<string, Promise<Value>>();
  // Where nothing answers, the next request would only wait as long again.
  const silent = new Map<string, ScicatError>();
  const fetchAnswer = async (url: string): Promise<Value> => {
    const origin = originOf(url);
    try {
      const before = silent.get(origin);
      if (before) throw before;
      const { bodyText } = await client.get(url);
      return valueFromJsonText(bodyText);
    } catch (error) {
      if (error instanceof ScicatError) {
        if (error.kind === 'cancelled') throw error;
        if (error.kind === 'unreachable' || error.kind === 'timeout') {
          silent.set(origin, error);
          // What SciCat has is unknown then; another server that is away is a failure of the variable.
          if (origin === originOf(scicat.host)) throw new NotKnown(`SciCat does not answer: ${error.message}`);
        }
        throw new ReadFailure(error.kind === 'forbidden' ? 'scicat-forbidden' : 'scicat-failed', error.message);
      }
      if (error instanceof SyntaxError)
        throw new ReadFailure('scicat-failed', `SciCat's answer to ${url} is not JSON.`);
      throw error;
    }
  };
  return {
    async get(written) {
      const url = completeUrl(written, scicat.host, scicat.api_endpoints);
      const answer = answers.get(url) ?? fetchAnswer(url);
      answers.set(url, answer);
      return { url, answer: await answer };
    },
  };
}

function originOf(url: string): string {
  return /^[a-z]+:\/\/[^/]*/i.exec(url)?.[0] ?? '';
}

/**
 * The absolute url that a schema's url stands for. A url that begins with the name of an endpoint has that name
 * replaced by the configured path, which leaves the host's own path out if it begins with a slash; any other relative
 * url is taken below the host.
 */
export function completeUrl(written: string, host: string, paths: Endpoints): string {
  if (/^https?:\/\//i.test(written)) return requote(written);
  const base = host.replace(/\/+$/, '');
  const name = endpoints.find((endpoint) => written.startsWith(endpoint));
  const path = name ? paths[name] + written.slice(name.length) : written;
  // As a web address: what the configuration begins with a slash begins at the host.
  if (name && path.startsWith('/')) return requote(`${originOf(base)}${path}`);
  return requote(/^https?:\/\//i.test(path) ? path : `${base}/${path.replace(/^(\.?\/)+/, '')}`);
}

/** What urllib3 leaves as it is in a path, and in a query or fragment. */
const keptInPath = /[!$&'()*+,/:;=@~A-Za-z0-9\-._]/;
const keptInQuery = /[!$&'()*+,/:;=?@~A-Za-z0-9\-._]/;
const unreserved = /[A-Za-z0-9\-._~]/;

/**
 * Percent-encodes what may not stand in a url and keeps what is encoded already, as the Python ingestor's HTTP
 * library does: if a `%` in the path is not followed by two hexadecimal digits, every `%` of the path is taken
 * literally; the same for the query.
 */
function requote(url: string): string {
  const [, origin = '', path = '', query = '', fragment = ''] =
    /^([A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?$/su.exec(url) ?? [];
  return origin + requotePart(path, keptInPath) + requoteAfterMark(query) + requoteAfterMark(fragment);
}

/** `?query` or `#fragment`, or nothing. */
function requoteAfterMark(part: string): string {
  return part.slice(0, 1) + requotePart(part.slice(1), keptInQuery);
}

function requotePart(part: string, kept: RegExp): string {
  const wellFormed = !/%(?![0-9A-Fa-f]{2})/.test(part);
  const plain = wellFormed ? part.replace(/%[0-9A-Fa-f]{2}/g, unquoteUnreserved) : part;
  return Array.from(plain, (character) =>
    kept.test(character) || (wellFormed && character === '%') ? character : encodeText(character),
  ).join('');
}

function unquoteUnreserved(escaped: string): string {
  const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
  return unreserved.test(character) ? character : escaped.toUpperCase();
}

function encodeText(character: string): string {
  return [...utf8Bytes(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
