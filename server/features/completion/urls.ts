import { CompletionItemKind } from 'vscode-languageserver';
import { endpoints } from '../../../core/imsc/schema/scicatUrls.ts';
import { replacePart, withEdit } from './proposal.ts';
import type { CompletionContext, Proposal } from './proposal.ts';
import { variableProposals } from './variables.ts';

const summaries: Readonly<Record<(typeof endpoints)[number], string>> = {
  datasets: 'datasets, e.g. datasets/<pid>',
  proposals: 'proposals, e.g. proposals/<proposal_id>',
  origdatablocks: 'lists of files',
  instruments: 'instruments, e.g. by their name with a filter',
  samples: 'samples, e.g. samples/<sample_id>',
};

/** What a `url` may begin with, filters behind it, and variables anywhere. */
export function urlProposals(context: CompletionContext): Proposal[] {
  const { text, cursor } = context.place;
  const before = text.slice(0, cursor);
  const variables = variableProposals(context);
  if (before.lastIndexOf('<') > before.lastIndexOf('>')) return variables;
  if (!/[/?#<:]/.test(before)) {
    const end = cursor + (/^[A-Za-z]*/.exec(text.slice(cursor))?.[0].length ?? 0);
    const hasMore = text.length > end;
    return endpoints.flatMap((name) =>
      withEdit(replacePart(context, 0, end, hasMore ? name : `${name}/`), {
        label: name,
        kind: CompletionItemKind.Module,
        filter: name,
        rank: 0,
        detail: summaries[name],
        goesOn: !hasMore,
      }),
    );
  }
  return [...filterProposals(context, before), ...variables];
}

/** A filter behind the question mark of a collection. */
function filterProposals(context: CompletionContext, before: string): Proposal[] {
  const opened = /^(\w+)\/?\?(\w*)$/.exec(before);
  if (!opened || context.place.text.slice(context.place.cursor).includes('=')) return [];
  // For proposals SciCat reads another word than for the rest.
  const word = opened[1] === 'proposals' ? 'filters' : 'filter';
  const text = `${word}={"where":{"name":"<name>"}}`;
  const edit = replacePart(context, before.length - (opened[2] ?? '').length, context.place.text.length, text);
  return withEdit(edit, {
    label: `${word}=`,
    kind: CompletionItemKind.Snippet,
    filter: `${word}=`,
    rank: 0,
    detail: 'asks for what fulfils a condition',
    documentation: 'A JSON object with `where`, `fields` and `limits`, as SciCat takes it.',
  });
}
