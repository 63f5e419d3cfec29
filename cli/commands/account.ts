'load later';

import { connect } from '../../core/ingest/sources/connect.ts';
import { isInTheClear } from '../../core/config/config.ts';
import type { Config } from '../../core/config/config.ts';
import { convertNotation } from '../../core/imsc/edits/convert.ts';
import { parseTree } from '../../core/imsc/tree/parse.ts';
import { problem } from '../../core/problems/problem.ts';
import { CatalogueAddress } from '../../core/scicat/catalogueAddress.ts';
import { ScicatError } from '../../core/scicat/errors.ts';
import { tokenExpiry } from '../../core/scicat/token.ts';
import type { CommandAction, Invocation } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { interruptSignal } from '../interrupt.ts';
import { readSettings, wrongUsage } from './settings.ts';

/** `imsc login`: a token for a user name and the password in SCICAT_PASSWORD, which is never an argument. */
export const loginCommand: CommandAction = async (invocation) => {
  const { terminal, options } = invocation;
  const user = options['user'];
  const password = process.env['SCICAT_PASSWORD'];
  if (typeof user !== 'string' || password === undefined) {
    return missing(invocation, 'Name the user with --user, and set SCICAT_PASSWORD.');
  }
  return asking(invocation, async ({ scicat }, signal) => {
    const address = CatalogueAddress.parse(scicat.host);
    if (address instanceof CatalogueAddress && isInTheClear(address)) {
      const message = `The password goes to ${scicat.host} in the clear, so that others can read it on the way; use https://.`;
      terminal.problems([problem('config-insecure', message)]);
    }
    const client = connect(scicat, { signal });
    const { token, expires } = await (options['ldap'] === true
      ? client.ldapLogin(user, password)
      : client.login(user, password));
    if (terminal.isJson)
      terminal.printJson({ host: scicat.host, username: user, token, expires: expires?.toISOString() ?? null });
    else terminal.print(token);
  });
};

/** `imsc whoami`: whose token it is, and until when it is good. */
export const whoamiCommand: CommandAction = (invocation) => {
  const { terminal } = invocation;
  return asking(invocation, async ({ scicat }, signal) => {
    const { username, email, groups } = await connect(scicat, { signal }).whoami();
    const expires = tokenExpiry(scicat.token.reveal())?.toISOString() ?? null;
    if (terminal.isJson) terminal.printJson({ host: scicat.host, username, email: email ?? null, groups, expires });
    else {
      terminal.print(`${username}${email === undefined ? '' : ` <${email}>`} at ${scicat.host}`);
      if (groups.length > 0) terminal.print(`groups: ${groups.join(', ')}`);
      if (expires !== null) terminal.print(`until ${expires}`);
    }
  });
};

/** `imsc dataset`: a dataset and its origDatablocks as they stand in SciCat. */
export const datasetCommand: CommandAction = (invocation) => {
  const { terminal, options } = invocation;
  const pid = options['pid'];
  if (typeof pid !== 'string') return Promise.resolve(missing(invocation, 'Name it with --pid.'));
  return asking(invocation, async ({ scicat }, signal) => {
    const { dataset, origDatablocks } = await connect(scicat, { signal }).datasetText(pid);
    // As SciCat wrote it, so that no number changes on the way.
    const document = `{"dataset": ${dataset || 'null'},\n"origDatablocks": ${origDatablocks || '[]'}}\n`;
    // Programs that read it are given what they always were.
    const isForPeople = !terminal.isJson && process.stdout.isTTY;
    terminal.printDocument(isForPeople ? convertNotation(parseTree(document, 'json'), 'yaml') : document);
  });
};

/** Says what must be given, behind what is wrong with what was: it may be there, and misspelt. */
function missing(invocation: Invocation, message: string): number {
  return wrongUsage(invocation.terminal, [...readSettings(invocation).problems, problem('usage', message)]);
}

/** Runs a question to SciCat; its refusal or absence is a message and, as JSON, `error` with what kind it is. */
async function asking(
  invocation: Invocation,
  ask: (config: Config, signal: AbortSignal) => Promise<void>,
): Promise<number> {
  const { terminal } = invocation;
  const { config, problems, isWrong } = readSettings(invocation);
  if (isWrong) return wrongUsage(terminal, problems);
  terminal.problems(problems.filter(({ code }) => code === 'config-insecure'));
  try {
    await ask(config, interruptSignal());
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof ScicatError)) throw error;
    const { kind, message } = error;
    if (terminal.isJson) terminal.printJson({ host: config.scicat.host, error: { kind, message } });
    terminal.problems([problem('scicat', message)]);
    return exitCodes.failed;
  }
}
