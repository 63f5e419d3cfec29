/** The collections that the ingestor's configuration has addresses for. */
export const endpoints = ['datasets', 'proposals', 'origdatablocks', 'instruments', 'samples'] as const;

/** A `url` of a variable, taken apart as it is written; `<name>` stands unexpanded in it. */
export interface UrlParts {
  readonly absolute: boolean;
  /** The first component, up to `/`, `?` or `#`. */
  readonly endpoint: string;
  /** What follows the endpoint, without the query. */
  readonly path: string;
  readonly query: readonly QueryParameter[];
}

/** Offsets count from the start of the url. */
export interface QueryParameter {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export function splitUrl(url: string): UrlParts {
  const mark = url.indexOf('?');
  const before = mark < 0 ? url : url.slice(0, mark);
  const query: QueryParameter[] = [];
  if (mark >= 0) {
    let start = mark + 1;
    for (const piece of url.slice(start).split('&')) {
      const equals = piece.indexOf('=');
      const name = equals < 0 ? piece : piece.slice(0, equals);
      const value = equals < 0 ? '' : piece.slice(equals + 1);
      query.push({ name, value, start: start + name.length + (equals < 0 ? 0 : 1), end: start + piece.length });
      start += piece.length + 1;
    }
  }
  const slash = before.indexOf('/');
  return {
    absolute: /^https?:\/\//i.test(url),
    endpoint: slash < 0 ? before : before.slice(0, slash),
    path: slash < 0 ? '' : before.slice(slash + 1),
    query,
  };
}

/** What SciCat answers to a url: a list for a whole collection, an object for one item; unknown where unclear. */
export function answerOf(url: string): 'list' | 'object' | 'unknown' {
  const { absolute, endpoint, path } = splitUrl(url);
  if (absolute || !endpoints.some((name) => name === endpoint)) return 'unknown';
  if (path === '') return 'list';
  // `findOne`, `count` and a lone identifier give one object; what is below an item may be either.
  return path.includes('/') ? 'unknown' : 'object';
}

/** A parameter as SciCat reads it; undefined where its percent signs are broken. */
export function decodeParameter(value: string): string | undefined {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
