'load later';

import path from 'node:path';
import { parseOrigin } from '../../core/http/ownAddress.ts';
import { addressPartFault } from '../../core/text/addressPart.ts';
import { usualJobTypes } from '../../sandbox/jobTypes.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { problem } from '../../core/problems/problem.ts';
import { failureCode, failureReason } from '../../core/files/failureReason.ts';
import type { CommandAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { interruptSignal } from '../interrupt.ts';

/** `imsc sandbox`: a local SciCat until it is interrupted. */
export const sandboxCommand: CommandAction = async ({ terminal, options }) => {
  const port = Number(options['port']);
  if (!/^\d{1,5}$/.test(String(options['port'])) || port > 65535) {
    terminal.problems([
      problem('usage', `“${String(options['port'])}” is not a port; use a number from 0 (any free one) to 65535.`),
    ]);
    return exitCodes.usage;
  }
  const proposals = Array.isArray(options['proposal']) ? options['proposal'].map(String) : [];
  for (const id of proposals) {
    const fault = addressPartFault(id);
    if (fault === undefined) continue;
    terminal.problems([problem('usage', `“${id}” cannot be the id of a proposal: ${fault}.`)]);
    return exitCodes.usage;
  }
  const allowOrigins = Array.isArray(options['allowOrigin']) ? options['allowOrigin'].map(String) : [];
  for (const origin of allowOrigins) {
    if (parseOrigin(origin)?.origin === origin) continue;
    const message = `“${origin}” must be the exact origin of a page, such as https://vscode.example.org.`;
    terminal.problems([problem('usage', message)]);
    return exitCodes.usage;
  }
  const data = typeof options['data'] === 'string' ? path.resolve(options['data']) : undefined;
  let sandbox;
  try {
    sandbox = await startSandbox({
      port,
      proposals,
      allowOrigins,
      jobs: usualJobTypes,
      ...(data !== undefined && { dataDirectory: data }),
    });
  } catch (error) {
    const found = problem('cannot-start', whyNot(error, port, data));
    if (terminal.isJson) terminal.printJson({ outcome: 'failed', problems: [terminal.problemRecord(found)] });
    terminal.problems([found]);
    return exitCodes.failed;
  }
  if (terminal.isJson) {
    terminal.printJson({ url: sandbox.url, host: sandbox.baseUrl, token: sandbox.token, data: data ?? null });
  } else {
    terminal.print(`SciCat sandbox at ${sandbox.url}`);
    terminal.print(`  scicat.host   ${sandbox.baseUrl}`);
    terminal.print(`  SCICAT_TOKEN  ${sandbox.token}`);
    terminal.print(`  data          ${data ?? 'in memory; gone when it ends'}`);
    terminal.print('Ctrl-C ends it.');
  }
  const signal = interruptSignal();
  await new Promise<void>((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
  await sandbox.close();
  return exitCodes.done;
};

/** Why it cannot start, with what to do about it. */
function whyNot(error: unknown, port: number, data: string | undefined): string {
  const code = failureCode(error);
  if (code === 'EADDRINUSE') {
    return `Another program listens on port ${port}, perhaps a sandbox in another terminal. End that one, or take another port with --port; --port 0 takes any that is free.`;
  }
  const isOfPort = error instanceof Error && 'syscall' in error && error.syscall === 'listen';
  if (isOfPort || data === undefined) {
    return `The sandbox cannot start on port ${port}: ${failureReason(error)}. Choose another with --port.`;
  }
  return `The sandbox cannot keep its data in ${data}: ${failureReason(error)}. Choose another folder with --data.`;
}
