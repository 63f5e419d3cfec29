import manifest from '../package.json' with { type: 'json' };

export const { version } = manifest;

/**
 * The address of a page of the documentation on the web; undefined as long as package.json names no repository.
 * @param page as `docs/problems.md`
 * @param about what package.json says of the package
 */
export function webPage(page: string, about: object = manifest): string | undefined {
  const repository: unknown = 'repository' in about ? about.repository : undefined;
  const named =
    typeof repository === 'object' && repository !== null && 'url' in repository ? repository.url : repository;
  if (typeof named !== 'string') return undefined;
  const address = /^(?:github:)?([\w.-]+\/[\w.-]+)$/.exec(named)?.[1];
  const web =
    address === undefined ? named.replace(/^git\+/, '').replace(/\.git$/, '') : `https://github.com/${address}`;
  return /^https?:/.test(web) ? `${web}/blob/HEAD/${page}` : undefined;
}
