'load later';

import { readSettings, wrongUsage } from './settings.ts';
import { connect, tokenProblems } from '../../core/ingest/sources/connect.ts';
import { Jobs } from '../../core/jobs/jobs.ts';
import { Updates } from '../../core/jobs/update.ts';
import type { UpdatePlan } from '../../core/jobs/update.ts';
import { preferQuickStart } from '../../core/nexus/quickStart.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import type { CommandAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { openJobStore, problemOf } from '../jobStore.ts';
import { interruptSignal } from '../interrupt.ts';
import { jsonValueText } from '../printReport.ts';
import type { Terminal } from '../terminal.ts';

/** What became of one file. */
interface Updated {
  readonly plan: UpdatePlan;
  readonly outcome: 'unchanged' | 'planned' | 'updated' | 'failed';
  readonly problems: readonly Problem[];
}

/** `imsc update`: datasets that are in SciCat, brought to what their files and schemas say now; or back. */
export const updateCommand: CommandAction = async (invocation) => {
  preferQuickStart();
  const { terminal, options } = invocation;
  const { config, dataFiles, problems, isWrong } = readSettings(invocation, true);
  const files = [...new Set(dataFiles.length > 0 ? dataFiles : [config.nexus_file].filter((name) => name !== ''))];
  const rate = Number(options['rate'] ?? 10);
  const misuse = [
    ...(files.length === 0 ? [problem('usage', 'Name the data files whose datasets are to be updated.')] : []),
    ...(rate > 0 && rate <= 1000 ? [] : [problem('usage', '--rate is a number of changes in a second, up to 1000.')]),
  ];
  if (isWrong || misuse.length > 0) return wrongUsage(terminal, [...problems, ...misuse]);
  const token = tokenProblems(config.scicat);
  terminal.problems([...problems, ...token]);
  if (token.some(({ severity }) => severity === 'error')) return exitCodes.failed;
  const signal = interruptSignal();
  const client = connect(config.scicat, {
    signal,
    onRequest: (line) => {
      terminal.detail(line);
    },
  });
  const isUndo = options['undo'] === true;
  const isReal = options['yes'] === true;
  const schema = options['schema'];
  let store;
  try {
    store = await openJobStore(invocation, config);
  } catch (error) {
    const found = problemOf(error);
    if (terminal.isJson) terminal.printJson({ outcome: 'failed', problems: [terminal.problemRecord(found)] });
    terminal.problems([found]);
    return exitCodes.failed;
  }
  const updates = new Updates(new Jobs({ store }), {
    config,
    client,
    signal,
    rate,
    overwrite: options['overwrite'] === true,
    schemaFile: typeof schema === 'string' ? schema : undefined,
  });
  const all: Updated[] = [];
  for (const [index, file] of files.entries()) {
    terminal.progress(terminal.places.shortName(file), index / files.length);
    const plan = isUndo ? await updates.planUndo(file) : await updates.plan(file);
    const isSent = isReal && plan.changes.length > 0;
    const left = isSent ? await updates.carryOut(plan, isUndo) : [];
    const found = [...plan.problems, ...left];
    const isFailed = found.some(({ severity }) => severity === 'error');
    const outcome = isFailed ? 'failed' : plan.changes.length === 0 ? 'unchanged' : isSent ? 'updated' : 'planned';
    const updated = { plan, outcome, problems: found } as const;
    all.push(updated);
    if (!terminal.isJson) printUpdated(terminal, updated);
  }
  const count = (outcome: Updated['outcome']): number => all.filter((each) => each.outcome === outcome).length;
  const kept = all.filter(({ plan }) => plan.kept.length > 0).length;
  if (terminal.isJson) {
    terminal.printJson({
      files: all.map(({ plan, outcome, problems: found }) => ({
        file: plan.file,
        pid: plan.pid ?? null,
        outcome,
        changes: plan.changes,
        kept: plan.kept,
        problems: found.map((each) => terminal.problemRecord(each)),
      })),
      updated: count('updated'),
      planned: count('planned'),
      unchanged: count('unchanged'),
      failed: count('failed'),
      kept,
    });
  } else {
    const said = [
      ...(isReal
        ? [`${count('updated')} ${isUndo ? 'taken back' : 'updated'}`]
        : [`${count('planned')} would be changed`]),
      `${count('unchanged')} as they should be`,
      ...(kept > 0 ? [`${kept} with fields that differ and stay`] : []),
      ...(count('failed') > 0 ? [`${count('failed')} not updated`] : []),
    ];
    terminal.print(`${files.length === 1 ? '1 file' : `${files.length} files`}: ${said.join(', ')}.`);
    if (!isReal && count('planned') > 0) terminal.print('Nothing was sent. With --yes it is.');
  }
  return count('failed') > 0 ? exitCodes.failed : exitCodes.done;
};

function printUpdated(terminal: Terminal, { plan, outcome, problems }: Updated): void {
  const { colors, places } = terminal;
  if (outcome !== 'unchanged' || plan.kept.length > 0)
    terminal.print(`${colors.bold(places.shortName(plan.file))} ${colors.dim(plan.pid ?? '')}`);
  for (const { field, stored, wanted } of plan.changes) {
    terminal.print(`  ${field}`);
    terminal.print(`    ${colors.red(`- ${jsonValueText(stored)}`)}`);
    terminal.print(`    ${colors.green(`+ ${jsonValueText(wanted)}`)}`);
  }
  const why = plan.isSentKnown ? 'it was changed in SciCat' : 'it is not recorded what was sent; see --overwrite';
  for (const { field, stored, wanted } of plan.kept) {
    terminal.print(`  ${field} ${colors.yellow(`stays: ${why}`)}`);
    terminal.print(`      ${jsonValueText(stored)} ${colors.dim(`instead of ${jsonValueText(wanted)}`)}`);
  }
  terminal.problems(problems);
}
