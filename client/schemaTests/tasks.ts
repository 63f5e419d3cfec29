import { l10n, ProcessExecution, Task, TaskGroup, TaskScope, tasks, workspace } from 'vscode';
import type { Disposable, TaskDefinition, WorkspaceFolder } from 'vscode';
import { isList, textAt } from '../json.ts';

/** As `package.json` has it in `taskDefinitions`. */
const type = 'imsc';

/** What can be a task, with what reads its output. */
const commandNames = { check: '$imsc-check', test: '$imsc-test' } as const;
type CommandName = keyof typeof commandNames;

/** `imsc check` and `imsc test` as tasks, whose output fills the list of problems, also for files that are not open. */
export function provideTasks(program: string): Disposable {
  return tasks.registerTaskProvider(type, {
    provideTasks: () =>
      (workspace.workspaceFolders ?? []).flatMap((folder) =>
        names.map((command) => taskOf(program, { type, command }, command, folder)),
      ),
    resolveTask: ({ definition, scope }) => {
      const command = names.find((name) => name === textAt(definition, 'command'));
      const folder = typeof scope === 'object' ? scope : undefined;
      return command && taskOf(program, definition, command, folder);
    },
  });
}

const names: readonly CommandName[] = ['check', 'test'];

function taskOf(
  program: string,
  definition: TaskDefinition,
  command: CommandName,
  folder: WorkspaceFolder | undefined,
): Task {
  const { paths } = definition;
  const given = isList(paths) ? paths.filter((each) => typeof each === 'string') : [];
  const execution = new ProcessExecution(process.execPath, [program, command, ...(given.length > 0 ? given : ['.'])], {
    // The extension host may be Electron, which is Node only if it is told so.
    env: { ELECTRON_RUN_AS_NODE: '1' },
  });
  const task = new Task(definition, folder ?? TaskScope.Workspace, command, 'imsc', execution, commandNames[command]);
  task.group = command === 'check' ? TaskGroup.Build : TaskGroup.Test;
  task.detail = command === 'check' ? l10n.t('Finds mistakes in schemas') : l10n.t('Runs the tests of schemas');
  return task;
}
