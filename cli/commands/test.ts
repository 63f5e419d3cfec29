'load later';

import { isSchemaTestName } from '../../core/ingest/trial/schemaTestFile.ts';
import { runSchemaTest } from '../../core/ingest/trial/schemaTest.ts';
import { schemaTestRecord } from '../../core/ingest/trial/schemaTestRecord.ts';
import type { RanTest } from '../../core/ingest/trial/schemaTestRecord.ts';
import { unfilledIn } from '../../core/ingest/trial/updateSchemaTest.ts';
import type { Difference } from '../../core/ingest/trial/compareWithTest.ts';
import { preferQuickStart } from '../../core/nexus/quickStart.ts';
import { findFiles } from '../check/findFiles.ts';
import { runAndUpdate } from '../check/updateTest.ts';
import { loadConfig } from '../../core/config/config.ts';
import { dialectNamed } from '../../core/imsc/language/dialects.ts';
import type { DialectName } from '../../core/imsc/language/dialects.ts';
import type { Problem } from '../../core/problems/problem.ts';
import type { CommandAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { ProblemPlaces } from '../problemPlaces.ts';
import type { Terminal } from '../terminal.ts';
import { wrongUsage } from './settings.ts';

/** `imsc test`: runs the tests of schemas; fails if one fails or cannot be run. */
export const testCommand: CommandAction = async ({ terminal, args, options }) => {
  preferQuickStart();
  const dialect = dialectFrom(options);
  if (typeof dialect === 'object') return wrongUsage(terminal, dialect);
  const { files, problems } = await findFiles(
    args.length > 0 ? args : ['.'],
    isSchemaTestName,
    'tests (*.imsc.test.yml)',
  );
  const results: RanTest[] = [];
  for (const [index, file] of files.entries()) {
    terminal.progress(terminal.places.shortName(file), index / files.length);
    const started = performance.now();
    const ran =
      options['update'] === true
        ? await runAndUpdate(file, dialect)
        : { ...(await runSchemaTest(file, dialect)), updated: false, changes: [] };
    const result = { ...ran, milliseconds: Math.round(performance.now() - started) };
    results.push(result);
    if (!terminal.isJson) {
      printResult(terminal, result);
      if (options['update'] === true) printUnfilled(terminal, result);
    }
  }
  const number = (outcome: RanTest['outcome']): number => results.filter((result) => result.outcome === outcome).length;
  const failed = number('failed') + number('broken');
  if (terminal.isJson) {
    terminal.printJson({
      tests: results.map((result) => {
        // An updated file has other lines than before.
        const places = new ProblemPlaces();
        return schemaTestRecord(result, (file, range) => places.range(file, range));
      }),
      problems: problems.map((found) => terminal.problemRecord(found)),
    });
  } else {
    terminal.problems(problems);
    const broken = number('broken') > 0 ? `, ${number('broken')} could not be run` : '';
    const updated = results.filter((result) => result.updated).length;
    terminal.say(
      `${results.length} ${results.length === 1 ? 'test' : 'tests'}: ${number('passed')} passed, ${number('failed')} failed${broken}.${updated > 0 ? ` ${updated} updated.` : ''}`,
    );
  }
  return failed > 0 || problems.length > 0 ? exitCodes.failed : exitCodes.done;
};

/** The dialect of schemas that name none: of the command line, or of the configuration; or what is wrong with that. */
function dialectFrom(options: Readonly<Record<string, unknown>>): DialectName | readonly Problem[] | undefined {
  const { dialect, config: file } = options;
  if (typeof dialect === 'string') return dialectNamed(dialect);
  if (typeof file !== 'string') return undefined;
  const { config, problems } = loadConfig({ file, withToken: false });
  // What is wrong with the rest of it is for those who read that.
  const wrong = problems.filter(
    ({ code, message }) => ['config-file', 'syntax'].includes(code) || message.includes('schemas_dialect'),
  );
  return wrong.length > 0 ? wrong : dialectNamed(config.ingestion.schemas_dialect);
}

function printResult(terminal: Terminal, result: RanTest): void {
  const { colors, places } = terminal;
  const { file, outcome, differences, problems, milliseconds, updated, changes } = result;
  if (outcome === 'passed' && terminal.isQuiet) return;
  const mark = outcome === 'passed' ? colors.green('✓') : colors.red('✗');
  const note = updated ? colors.yellow(' updated') : '';
  terminal.print(`${mark} ${places.shortName(file)}${note} ${colors.dim(`${milliseconds} ms`)}`);
  // An updated file has other lines than those that the places are of.
  for (const each of changes) printDifference(terminal, { ...each, range: undefined });
  for (const found of problems) terminal.print(`    ${terminal.problemText(found)}`);
  for (const difference of differences) printDifference(terminal, difference);
}

/** What an update could not write, which is not to be taken for a field that the dataset does not have. */
function printUnfilled(terminal: Terminal, { tried }: RanTest): void {
  for (const { name, reason } of tried ? unfilledIn(tried) : [])
    terminal.print(`    ${terminal.colors.bold(name)} is not filled in: ${reason}`);
}

const partNames: Readonly<Record<Difference['part'], string>> = {
  variables: 'variable',
  dataset: 'dataset',
  scientific_metadata: 'scientific metadata',
  fails: 'failure',
  problems: 'problem',
};

function printDifference(terminal: Terminal, { part, name, message, expected, actual, file, range }: Difference): void {
  const { colors, places } = terminal;
  const place = range && places.range(file, range);
  const where = place ? `${places.shortName(file)}:${place.start.line}:${place.start.column}: ` : '';
  terminal.print(`    ${colors.dim(where)}${partNames[part]} ${colors.bold(name)}`);
  if (expected === undefined || actual === undefined || actual === '') {
    terminal.print(`      ${message}`);
    return;
  }
  for (const line of comparedLines(expected.split('\n'), actual.split('\n'))) {
    const paint = line.startsWith('-') ? colors.red : line.startsWith('+') ? colors.green : colors.dim;
    terminal.print(`      ${paint(line)}`);
  }
}

/** More lines of a list than this are not needed to see what differs. */
const mostLines = 40;

/** What is expected (`-`) and what came (`+`), with the lines that both have at the beginning and the end left out. */
function comparedLines(expected: readonly string[], actual: readonly string[]): string[] {
  let start = 0;
  while (start < Math.min(expected.length, actual.length) && expected[start] === actual[start]) start++;
  let end = 0;
  const longest = Math.min(expected.length, actual.length) - start;
  while (end < longest && expected[expected.length - 1 - end] === actual[actual.length - 1 - end]) end++;
  const lines = [
    ...(start > 0 ? [`  … ${start} equal`] : []),
    ...expected.slice(start, expected.length - end).map((line) => `- ${line}`),
    ...actual.slice(start, actual.length - end).map((line) => `+ ${line}`),
    ...(end > 0 ? [`  … ${end} equal`] : []),
  ];
  return lines.length > mostLines ? [...lines.slice(0, mostLines), `  … ${lines.length - mostLines} more`] : lines;
}
