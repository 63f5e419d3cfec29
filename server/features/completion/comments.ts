import { CompletionItemKind } from 'vscode-languageserver';
import { dialects } from '../../../core/imsc/language/dialects.ts';
import type { DialectName } from '../../../core/imsc/language/dialects.ts';
import { problemKinds } from '../../../core/problems/problemCodes.ts';
import type { Comment } from '../../../core/imsc/tree/tree.ts';
import type { Snapshot } from '../../documents/snapshot.ts';
import type { Proposal } from './proposal.ts';

const directives: readonly (readonly [word: string, detail: string])[] = [
  ['imsc-ignore-next-line', 'silences problems of the next line'],
  ['imsc-ignore', 'silences problems of this line'],
  ['imsc-ignore-file', 'silences problems of the whole file'],
  ['imsc-dialect:', 'the ingestor that the schema is written for'],
  ['imsc-sample:', 'the NeXus file that the schema is looked at with'],
];

/** Words that comments can say something to us with, and the codes behind them. */
export function commentProposals(
  snapshot: Snapshot,
  comment: Comment,
  offset: number,
  configured?: DialectName,
): Proposal[] {
  const before = snapshot.text.slice(comment.range.start, offset);
  const directive = /^(?:#|\/\/|\/\*)\s*imsc-ignore(?:-next-line|-file)?[:\s](?:[^\n]*[\s,])?([\w-]*)$/.exec(before);
  const range = (word: string) => ({ start: offset - word.length, end: offset });
  if (directive && !/\s--(?:\s|$)/.test(before)) {
    const typed = directive[1] ?? '';
    // What there is to silence comes first.
    const found = new Set<string>(snapshot.problemsIn(configured).map(({ code }) => code));
    return Object.entries(problemKinds).map(([name, { summary }]) => ({
      label: name,
      kind: CompletionItemKind.EnumMember,
      edit: { range: range(typed), newText: name },
      filter: name,
      rank: found.has(name) ? 0 : 1,
      detail: summary,
      topic: { kind: 'problem', name },
    }));
  }
  const dialect = /^(?:#|\/\/|\/\*)\s*imsc-dialect:[ \t]*([\w-]*)$/.exec(before);
  if (dialect) {
    return dialects.map(({ name, summary }) => ({
      label: name,
      kind: CompletionItemKind.EnumMember,
      edit: { range: range(dialect[1] ?? ''), newText: name },
      filter: name,
      rank: 0,
      detail: summary,
    }));
  }
  const typed = /^(?:#|\/\/|\/\*)\s*([a-z-]*)$/.exec(before)?.[1];
  if (typed === undefined) return [];
  return directives.map(([word, detail]) => ({
    label: word,
    kind: CompletionItemKind.Keyword,
    edit: { range: range(typed), newText: word },
    filter: word,
    rank: 0,
    detail,
  }));
}
