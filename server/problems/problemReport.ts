import { visibleDocument } from '../../core/text/hiddenCharacters.ts';
import { DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import type { Diagnostic, Range } from 'vscode-languageserver';
import type { Problem, Severity, TextRange } from '../../core/problems/problem.ts';
import { applySeverities } from '../../core/imsc/checks/suppress.ts';
import { withoutSilenced } from '../../core/ingest/schemas/schemaProblems.ts';
import type { DialectName } from '../../core/imsc/language/dialects.ts';
import type { Tree } from '../../core/imsc/tree/tree.ts';
import { uriOf } from '../documents/documentKind.ts';
import { problemPage } from '../explain/problemPage.ts';
import type { Settings } from '../settings.ts';

/** A text whose offsets can be told as positions. */
export interface PlacedText {
  readonly uri: string;
  readonly rangeOf: (range: TextRange) => Range;
}

/** More problems than this of one document are not told; the last one says so. */
const mostProblems = 1000;

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/**
 * The problems of a schema that its user wants to see: without those that settings or comments silence, with the
 * severities of the settings, in the order of the text.
 * @param dialect the one that is configured
 */
export function problemsToShow(
  tree: Tree,
  settings: Settings,
  problems: readonly Problem[],
  dialect?: DialectName,
): Problem[] {
  return applySeverities(withoutSilenced(tree, problems, dialect), settings.problems);
}

/**
 * Problems as the protocol has them.
 * @param others finds the text of another file that a problem speaks of
 */
export function diagnosticsOf(
  text: PlacedText,
  problems: readonly Problem[],
  others: (file: string) => PlacedText | undefined = () => undefined,
): Diagnostic[] {
  const shown = problems.slice(0, mostProblems).map((each) => diagnosticOf(text, each, others));
  const last = shown.at(-1);
  if (problems.length > mostProblems && last) {
    shown.push({ ...last, message: `${problems.length - mostProblems} more problems are not shown.` });
  }
  return shown;
}

function diagnosticOf(text: PlacedText, each: Problem, others: (file: string) => PlacedText | undefined): Diagnostic {
  const tags = (each.tags ?? []).map((tag) =>
    tag === 'unnecessary' ? DiagnosticTag.Unnecessary : DiagnosticTag.Deprecated,
  );
  const related = (each.related ?? []).map(({ message, range, file }) => {
    const place = file === undefined ? text : others(file);
    const uri = file === undefined ? text.uri : uriOf(file);
    return {
      message: visibleDocument(message),
      location: { uri, range: place?.rangeOf(range) ?? { start: origin, end: origin } },
    };
  });
  const page = problemPage(each.code);
  return {
    range: text.rangeOf(each.range ?? { start: 0, end: 0 }),
    severity: severities[each.severity],
    code: each.code,
    source: 'imsc',
    message: visibleDocument(each.message),
    ...(page !== undefined && { codeDescription: { href: page } }),
    ...(tags.length > 0 && { tags }),
    ...(related.length > 0 && { relatedInformation: related }),
  };
}

const origin = { line: 0, character: 0 };
