'load later';

import type { CommandAction } from '../command.ts';

/** `imsc lsp`: the language server over standard input and output, until the editor ends it. */
export const lspCommand: CommandAction = async () => {
  // The library goes by the arguments of the process, and does nothing without one.
  if (!process.argv.includes('--stdio')) process.argv.push('--stdio');
  await import('../../server/main.ts');
  return await new Promise<number>((resolve) =>
    process.stdin.once('close', () => {
      resolve(0);
    }),
  );
};
