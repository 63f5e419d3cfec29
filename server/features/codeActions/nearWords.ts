import { visibleText } from '../../../core/text/hiddenCharacters.ts';
import { CodeActionKind } from 'vscode-languageserver';
import type { CodeAction, CodeActionParams } from 'vscode-languageserver';
import type { OtherDocument, ServerContext } from '../../context.ts';
import { problemsOfOther } from '../../problems/documentProblems.ts';
import { touches } from './offer.ts';

/** For documents that are no schemas: the word that was probably meant, in the place of a misspelt one. */
export async function nearWordActions(
  server: ServerContext,
  other: OtherDocument,
  { range, context: { diagnostics, only } }: CodeActionParams,
): Promise<CodeAction[]> {
  const kind = CodeActionKind.QuickFix;
  if (only?.includes(kind) === false) return [];
  const { document } = other;
  const selected = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  return (await problemsOfOther(server, other)).flatMap(({ code, range: place, meant }): CodeAction[] => {
    if (place === undefined || meant === undefined || !touches(place, selected)) return [];
    const at = { start: document.positionAt(place.start), end: document.positionAt(place.end) };
    // A name of ours needs no escapes, and keeps the quotes that are there.
    const quote = /^['"]/.exec(document.getText(at))?.[0] ?? '';
    return [
      {
        title: visibleText(`Change to “${meant}”`),
        kind,
        isPreferred: true,
        diagnostics: diagnostics.filter(
          (each) => each.code === code && document.offsetAt(each.range.start) === place.start,
        ),
        edit: { changes: { [document.uri]: [{ range: at, newText: `${quote}${meant}${quote}` }] } },
      },
    ];
  });
}
