'load later';

import path from 'node:path';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import type { Tree } from '../../core/imsc/tree/tree.ts';
import { applySeverities } from '../../core/imsc/checks/suppress.ts';
import { isRulesFileName } from '../../core/ingest/rules/findRules.ts';
import { isSchemaFileName, misnamedSchema, readSchemaFile } from '../../core/ingest/schemas/schemaFiles.ts';
import { Baseline, identify, keyOf, readBaseline, writeBaseline } from '../check/baseline.ts';
import type { KnownProblem } from '../check/baseline.ts';
import { checkSchemas } from '../check/checkSchemas.ts';
import type { CheckedSchema } from '../check/checkSchemas.ts';
import { readCheckOptions } from '../check/checkOptions.ts';
import type { CheckOptions } from '../check/checkOptions.ts';
import { findFiles } from '../check/findFiles.ts';
import { fixSchemas, replaceText } from '../check/fixSchemas.ts';
import type { Change } from '../check/fixSchemas.ts';
import { RulesOfSchemas } from '../check/rulesOfSchemas.ts';
import { printCheck } from '../check/printCheck.ts';
import type { CommandAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { wrongUsage } from './settings.ts';

/** `imsc check`: the problems of schema files and folders; fails if any is an error, or if there are too many warnings. */
export const checkCommand: CommandAction = async ({ terminal, args, options: given }) => {
  const options = readCheckOptions(given);
  if (!('format' in options))
    return wrongUsage(
      terminal,
      options.map((message) => problem('usage', message)),
    );
  const before = await knownProblems(options);
  if (typeof before === 'string') return wrongUsage(terminal, [problem('usage', before)]);

  const found = await findFiles(
    args,
    isSchemaFileName,
    'schema files (*.imsc.json, *.imsc.yml, *.imsc.yaml)',
    misnamedSchema,
  );
  const texts = new Map<string, string>();
  const unread: Problem[] = [...found.problems];
  const rules = new RulesOfSchemas(options.rulesFile);
  const files = found.files.filter((file) => !isRulesFileName(path.basename(file)));
  for (const file of found.files) if (!files.includes(file)) await rules.read(file);
  for (const file of files) {
    const read = await readSchemaFile(file);
    if ('problem' in read) unread.push(read.problem);
    else texts.set(file, read.text);
  }
  const { checked, changes, problems: unwritten } = await checkAndFix(texts, { ...options, rules });

  const all = [
    ...applySeverities([...unread, ...rules.problems, ...unwritten], options.severities).map((each) => ({
      each,
      tree: undefined,
    })),
    ...checked.flatMap(({ problems, schema }) => problems.map((each) => ({ each, tree: schema.tree }))),
  ];
  const identified = all.map(({ each, tree }) => identifiedFrom(options.baseline, each, tree));
  const looked = new Set(files.map((file) => nameFrom(options.baseline, file)));
  const current = identified.map(({ known }) => known);
  const isUpdated = options.updateBaseline && options.baseline !== undefined;
  const failure = isUpdated ? await writeBaseline(options.baseline, current, before, looked) : undefined;
  if (failure) identified.push(identifiedFrom(options.baseline, failure, undefined));
  const updateBaseline = isUpdated && !failure;
  const baseline = new Baseline(updateBaseline ? current : before);
  const news = identified.filter(({ known }) => !baseline.take(known));
  const outcome = {
    files,
    problems: news.map(({ problem: each, known }) => ({ problem: each, identity: keyOf(known) })),
    changes,
    known: identified.length - news.length,
    unusedKnown: baseline.unused(looked),
  };
  printCheck(terminal, outcome, { ...options, updateBaseline });
  const count = (severity: Problem['severity']): number =>
    news.filter(({ problem: each }) => each.severity === severity).length;
  const tooMany = options.maxWarnings !== undefined && count('warning') > options.maxWarnings;
  return count('error') > 0 || tooMany ? exitCodes.failed : exitCodes.done;
};

/** What the baseline holds; a sentence if it cannot be read. One that is to be made may be missing. */
async function knownProblems({ baseline, updateBaseline }: CheckOptions): Promise<readonly KnownProblem[] | string> {
  return baseline === undefined ? [] : readBaseline(baseline, updateBaseline);
}

function identifiedFrom(
  baseline: string | undefined,
  found: Problem,
  tree: Tree | undefined,
): { readonly problem: Problem; readonly known: KnownProblem } {
  return { problem: found, known: identify(found, baseline ?? path.resolve('baseline'), tree) };
}

function nameFrom(baseline: string | undefined, file: string): string {
  return path
    .relative(path.dirname(baseline ?? path.resolve('baseline')), file)
    .split(path.sep)
    .join('/');
}

interface Checked {
  readonly checked: readonly CheckedSchema[];
  readonly changes: readonly Change[];
  readonly problems: readonly Problem[];
}

async function checkAndFix(
  texts: ReadonlyMap<string, string>,
  options: CheckOptions & { readonly rules: RulesOfSchemas },
): Promise<Checked> {
  const check = (these: ReadonlyMap<string, string>): Promise<CheckedSchema[]> => checkSchemas(these, options);
  if (!options.fix) return { checked: await check(texts), changes: [], problems: [] };
  const fixed = await fixSchemas(texts, check);
  const problems: Problem[] = [];
  const after = new Map(fixed.texts);
  for (const [file, before] of texts) {
    const text = fixed.texts.get(file);
    if (text === undefined || text === before) continue;
    const refused = await replaceText(file, before, text);
    if (!refused) continue;
    problems.push(refused);
    after.set(file, before);
  }
  if (problems.length === 0) return { ...fixed, problems };
  // What could not be written is reported as it stands on disk.
  const changes = fixed.changes.filter(({ file }) => fixed.texts.get(file) === after.get(file));
  return { checked: await check(after), changes, problems };
}
