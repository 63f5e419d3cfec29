import type { CodeLens, CompletionItem, DocumentLink, Location } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Problem, TextRange } from '../../core/problems/problem.ts';
import type { ServerContext } from '../context.ts';

export interface Explained {
  readonly markdown: string;
  readonly range: TextRange;
}

/** What is known besides the text: other files, settings, what SciCat has said. */
export type Around = Pick<ServerContext, 'choices' | 'hasCommands' | 'samples' | 'workspace'>;

export type Later<T> = T | Promise<T>;

/** What the server does for documents that are no schemas. */
export interface KindEntry {
  /** What is wrong with the text, with places in it. */
  readonly problems: (document: TextDocument, around: Around) => Later<readonly Problem[]>;
  readonly complete?: (document: TextDocument, offset: number, around: Around) => Later<CompletionItem[]>;
  readonly explain?: (document: TextDocument, offset: number, around: Around) => Later<Explained | undefined>;
  readonly lenses?: (document: TextDocument, around: Around) => Later<CodeLens[]>;
  /** Where what stands at a place is defined. */
  readonly definition?: (document: TextDocument, offset: number, around: Around) => Later<Location[]>;
  /** The files that the text names. */
  readonly links?: (document: TextDocument, around: Around) => Later<DocumentLink[]>;
}
