import { l10n } from 'vscode';
import type * as node from './noAnswer.ts';

/** Of the extension host, whose pages a service has to allow. */
declare const self: { readonly origin: string };

/** A browser does not tell which of the two it is. */
export const noAnswer: typeof node.noAnswer = (address) =>
  l10n.t(
    'The ingest service {0} does not answer, or does not allow pages of {1}: that is an entry of “allow_origins” in its settings.',
    address,
    self.origin,
  );
