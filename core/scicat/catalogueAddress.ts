/**
 * The address of a SciCat, normalised once: the same one however a person writes it (blanks around it, a slash at its
 * end, capital letters of the host, the port that goes without saying, the version of the API). Other names of the same
 * computer are other addresses: only its administrators know that they are one.
 */
export class CatalogueAddress {
  /** What requests go to, without a slash at its end. */
  readonly url: string;
  /** What tells two catalogues apart. */
  readonly identity: string;

  private constructor(url: string, identity: string) {
    this.url = url;
    this.identity = identity;
  }

  /** The address in a text, or what is wrong with it, as the end of a sentence. */
  static parse(text: string): CatalogueAddress | { readonly fault: string } {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || !/^https?:$/.test(url.protocol))
      return { fault: 'must be an address that begins with https:// or http://' };
    if (url.username !== '' || url.password !== '')
      return { fault: 'must not hold a user name or a password; sign in for a token' };
    if (/[?#]/.test(text)) return { fault: 'must be the address of the API alone, without “?” and “#”' };
    const path = url.pathname.replace(/\/+$/, '');
    const api = path.replace(/\/v\d+$/i, '');
    // A full stop at the end of a host only says that its name is whole.
    const host = `${url.hostname.replace(/\.$/, '')}${url.port === '' ? '' : `:${url.port}`}`;
    return new CatalogueAddress(`${url.protocol}//${url.host}${path}`, `${url.protocol}//${host}${api}`);
  }

  /** What tells a catalogue from others, from its address as it is written; a text that is not an address is left as it is. */
  static identityOf(text: string): string {
    const address = CatalogueAddress.parse(text);
    return address instanceof CatalogueAddress ? address.identity : text;
  }
}
