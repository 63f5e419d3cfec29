import { l10n } from 'vscode';
import type * as node from './imscProgram.ts';

/** In a browser there is no command line: what needs one says so. */
export class ImscProgram implements Pick<node.ImscProgram, 'isHere' | 'start' | 'run' | 'follow'> {
  readonly isHere = false;

  start(): never {
    throw notHere();
  }

  follow(): { readonly dispose: () => void } {
    return { dispose: () => undefined };
  }

  run(): Promise<never> {
    return Promise.reject(notHere());
  }
}

function notHere(): Error {
  return new Error(l10n.t('This needs the desktop’s VS Code: a browser runs no programs.'));
}

export const lastWords: typeof node.lastWords = () => l10n.t('The process ended without saying why.');
