import { existsSync, readFileSync } from 'node:fs';

/** The page lies beside the built program and beside its sources. */
const places = ['../../docs/problems.md', '../docs/problems.md'];

let lines: ReadonlyMap<string, number> | undefined;
let page: URL | undefined;

/**
 * Where a problem code is explained: the page that comes with the program, at the line of the code, so that it opens
 * without a network and always fits the version. Undefined if it was not shipped.
 */
export function problemPage(code: string): string | undefined {
  page ??= places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (!page) return undefined;
  lines ??= linesOfHeadings(readFileSync(page, 'utf8'));
  const line = lines.get(code);
  return line === undefined ? undefined : `${page.href}#L${line}`;
}

function linesOfHeadings(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  text.split('\n').forEach((line, index) => {
    if (line.startsWith('### ')) found.set(line.slice(4).trim(), index + 1);
  });
  return found;
}
