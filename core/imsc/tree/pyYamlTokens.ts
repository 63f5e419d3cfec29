/** What PyYAML refuses: the message is a clause that says why, `tab` where a tab stands in the place of a blank. */
export class PyYamlError extends Error {
  override readonly name = 'PyYamlError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

export type TokenType =
  | 'stream-end'
  | 'directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | '['
  | '{'
  | ']'
  | '}'
  | ','
  | '-'
  | '?'
  | ':'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export type PyScalarStyle = 'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE' | 'BLOCK_LITERAL' | 'BLOCK_FOLDED';

export interface Token {
  readonly type: TokenType;
  readonly start: number;
  readonly end: number;
  /** The text of a scalar, the name of an anchor, an alias or a directive, the suffix of a tag. */
  readonly value: string;
  readonly style?: PyScalarStyle;
  /** Of a tag: undefined where it is written out in `!<…>`. Of a directive `TAG`: what it defines. */
  readonly handle?: string | undefined;
}
