/** From the page that reads NeXus files. */
export type FromNexusPage =
  /** A person has opened a file; it is asked about by this name. */
  | { readonly kind: 'opened'; readonly file: string }
  /** The answer to a question: what the reader gave, as text. */
  | { readonly kind: 'reply'; readonly id: number; readonly reply: string };

/** To the page. */
export interface ToNexusPage {
  readonly id: number;
  readonly file: string;
  readonly question: unknown;
}
