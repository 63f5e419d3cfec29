import type { CodeLens, CompletionItem } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Problem, TextRange } from '../../core/problems/problem.ts';
import type { KnownChoices } from '../samples/knownChoices.ts';

/** What the server does for documents that are no schemas. */
export interface KindEntry {
  /** What is wrong with the text, with places in it. */
  readonly problems: (document: TextDocument) => readonly Problem[];
  readonly complete?: (document: TextDocument, offset: number, choices: KnownChoices) => CompletionItem[];
  readonly explain?: (
    document: TextDocument,
    offset: number,
  ) => { readonly markdown: string; readonly range: TextRange } | undefined;
  readonly lenses?: (document: TextDocument) => CodeLens[];
}
