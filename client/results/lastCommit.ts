import { basename, dirname } from 'node:path';
import { l10n, workspace } from 'vscode';
import type { Uri } from 'vscode';
import type { ImscProgram } from '../imscProgram.ts';
import { configuredFile } from '../ingestions/runContext.ts';
import { nexusExtensions } from '../nexusFiles.ts';
import type { Counterpart } from './comparison.ts';

/** A schema beside what it was in the last commit, on all NeXus files of its folder. */
export function sinceLastCommit(program: Pick<ImscProgram, 'run'>, schema: Uri): Counterpart {
  return {
    schema,
    working: l10n.t('{0}: comparing with the last commit …', basename(schema.fsPath)),
    before: l10n.t('in the last commit'),
    run: (text, call) => {
      const config = configuredFile(schema);
      return program.run({
        args: [
          ...['diff', schema.fsPath, '--git', 'HEAD', '--samples', `**/*.{${nexusExtensions.join(',')}}`],
          ...(text === undefined ? [] : ['--stdin']),
          ...(config === undefined ? [] : ['--config', config]),
        ],
        input: text,
        workingDirectory: workspace.getWorkspaceFolder(schema)?.uri.fsPath ?? dirname(schema.fsPath),
        ...call,
      });
    },
  };
}
