import path from 'node:path';
import type { Problem } from '../../core/problems/problem.ts';
import type { Severity } from '../../core/problems/problemKind.ts';
import type { ProblemPlaces } from '../problemPlaces.ts';

const commands: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

/**
 * A problem as a workflow command of GitHub Actions, which shows it beside the line.
 * @param root the folder of the checkout, which the paths are relative to
 */
export function githubAnnotation(found: Problem, places: ProblemPlaces, root: string): string {
  const place = places.of(found);
  // Columns count only within one line.
  const columns =
    place && place.start.line === place.end.line ? { col: place.start.column, endColumn: place.end.column } : {};
  const properties = {
    ...(found.file !== undefined && { file: path.relative(root, found.file).split(path.sep).join('/') }),
    ...(place && { line: place.start.line, endLine: place.end.line, ...columns }),
    title: found.code,
  };
  const written = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${commands[found.severity]} ${written.join(',')}::${escapeData(found.message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
