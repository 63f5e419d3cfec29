import { l10n } from 'vscode';
import type { CancellationToken } from 'vscode';
import type { WhoAmI } from '../connections/connections.ts';
import type { Services } from '../services.ts';
import type { RunContext } from './runContext.ts';

/**
 * Whether SciCat is there and knows us, before anything is done. A connection without anybody signed in is not asked:
 * the token of the configuration file may belong to another SciCat.
 */
export async function scicatState(
  { connections }: Services,
  context: RunContext,
  cancellation?: CancellationToken,
): Promise<WhoAmI> {
  const { connection, secrets, args, workingDirectory, hasConfigFile } = context;
  const host = connection?.address ?? '';
  if (connection && secrets['SCICAT_TOKEN'] === undefined)
    return { state: 'unknown', host, message: l10n.t('Nobody is signed in to {0}.', connection.name) };
  if (!connection && !hasConfigFile) return { state: 'unknown', host, message: l10n.t('No connection is set up.') };
  // Once is enough to know: a person is waiting.
  return connections.whoAmI([...args, '--scicat.max_tries', '1'], secrets, workingDirectory, cancellation);
}
