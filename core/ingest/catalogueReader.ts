import { ReadFailure } from '../imsc/sources.ts';
import type { CatalogueReader } from '../imsc/sources.ts';
import { valueFromJsonText } from '../imsc/jsonText.ts';
import type { Value } from '../imsc/values.ts';
import { ScicatError } from '../scicat/errors.ts';
import type { Config } from './configOptions.ts';

/** What is needed of a connection to SciCat for reading variables. */
interface Getter {
  get(url: string): Promise<{ readonly bodyText: string }>;
}

type Endpoints = Config['scicat']['api_endpoints'];

/** The endpoints that a relative url may begin with, in the order in which they are tried. */
export const endpointNames = ['datasets', 'proposals', 'origdatablocks', 'instruments', 'samples'] as const;

/**
 * Reads variables from SciCat. A url that is asked for twice in one evaluation is fetched once; an answer that is
 * not a success is a failure (the Python ingestor takes the error's body for the value).
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
        if (error.kind === 'unreachable' || error.kind === 'timeout') silent.set(origin, error);
        throw new ReadFailure('scicat-failed', error.message);
      }
      if (error instanceof SyntaxError) throw new ReadFailure('scicat-failed', `SciCat's answer to ${url} is no JSON.`);
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
 * replaced by the configured path; any other relative url is taken below the host.
 */
export function completeUrl(written: string, host: string, endpoints: Endpoints): string {
  if (/^https?:\/\//i.test(written)) return requote(written);
  const base = host.replace(/\/+$/, '');
  const name = endpointNames.find((endpoint) => written.startsWith(endpoint));
  const path = name ? endpoints[name] + written.slice(name.length) : written.replace(/^(\.?\/)+/, '');
  return requote(`${base}/${path}`);
}

const unreserved = /[A-Za-z0-9\-._~]/;

/**
 * Percent-encodes what may not stand in a url and keeps what is encoded already, as the Python ingestor's HTTP
 * library does: if a `%` is not followed by two hexadecimal digits, every `%` is taken literally.
 */
export function requote(url: string): string {
  const wellFormed = !/%(?![0-9A-Fa-f]{2})/.test(url);
  const plain = wellFormed
    ? url.replace(/%([0-9A-Fa-f]{2})/g, (escaped, hex: string) => {
        const character = String.fromCharCode(Number.parseInt(hex, 16));
        return unreserved.test(character) ? character : escaped;
      })
    : url;
  const kept = wellFormed ? /[!#$%&'()*+,/:;=?@[\]~A-Za-z0-9\-._]/ : /[!#$&'()*+,/:;=?@[\]~A-Za-z0-9\-._]/;
  return Array.from(plain, (character) => (kept.test(character) ? character : encodeText(character))).join('');
}

function encodeText(character: string): string {
  return [...Buffer.from(character, 'utf8')]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
