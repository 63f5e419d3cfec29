'load later';

import path from 'node:path';
import { diffRecord, summaryOf } from '../../core/ingest/trial/diffRecord.ts';
import { diffSamples } from '../../core/ingest/trial/diffSamples.ts';
import { SchemaComparison } from '../../core/ingest/trial/schemaDiff.ts';
import type { SampleDiff } from '../../core/ingest/trial/schemaDiff.ts';
import { preferQuickStart } from '../../core/nexus/quickStart.ts';
import { problem } from '../../core/problems/problem.ts';
import type { CommandAction } from '../command.ts';
import { markdownOf, printSample, summaryText } from '../diff/printDiff.ts';
import { sideFromInput, sideInGit, sideOnDisk } from '../diff/schemaSides.ts';
import { exitCodes } from '../exitCodes.ts';
import { interruptSignal } from '../interrupt.ts';
import { namedFiles } from '../namedFiles.ts';
import { wrongUsage } from './settings.ts';

/** `imsc diff`: what a change of schemas does to datasets, file by file and field by field. */
export const diffCommand: CommandAction = async ({ terminal, args, options }) => {
  preferQuickStart();
  const revision = typeof options['git'] === 'string' ? options['git'] : undefined;
  const [first = '', second] = args;
  const misuse = (message: string): number => wrongUsage(terminal, [problem('usage', message)]);
  if (revision === undefined && second === undefined)
    return misuse('Name the schemas before and after the change: imsc diff OLD NEW; or imsc diff NEW --git REVISION.');
  if (revision !== undefined && second !== undefined)
    return misuse('With --git only the schemas of now are named: imsc diff NEW --git REVISION.');
  const before = await (revision === undefined ? sideOnDisk(first) : sideInGit(first, revision));
  const named = second ?? first;
  const after = await (options['stdin'] === true ? sideFromInput(named, process.stdin) : sideOnDisk(named));
  for (const side of [before, after]) if ('fault' in side) return misuse(side.fault);
  if ('fault' in before || 'fault' in after) return exitCodes.usage;
  const samples = await namedFiles(options['samples']);
  if (samples.length === 0) return misuse('No file matches --samples.');
  const configFile = typeof options['config'] === 'string' ? path.resolve(options['config']) : undefined;
  const sides = { before, after, configFile };
  const refused = await SchemaComparison.of(sides).refused();
  const problems = refused.map((message) => problem('schema-refused', message));
  const diffs: SampleDiff[] = [];
  const isText = !terminal.isJson && options['markdown'] !== true;
  for await (const diff of diffSamples(sides, samples, interruptSignal())) {
    diffs.push(diff);
    if (isText) printSample(terminal, diff);
    terminal.progress(path.basename(diff.file), diffs.length / samples.length);
  }
  const summary = summaryOf(diffs);
  if (terminal.isJson) {
    terminal.printJson({
      ...diffRecord(diffs),
      problems: problems.map((found) => terminal.problemRecord(found)),
    });
  } else if (options['markdown'] === true) terminal.printDocument(markdownOf(diffs));
  else terminal.say(summaryText(summary));
  terminal.problems(problems);
  const isFailure = problems.length > 0 || summary.failed > 0;
  return isFailure || (options['exitCode'] === true && summary.changed > 0) ? exitCodes.failed : exitCodes.done;
};
