'load later';

import type { CommandAction } from '../command.ts';

/** `imsc lsp`: the language server over standard input and output, until the editor ends it. */
export const lspCommand: CommandAction = async () => {
  await import('../../server/main.ts');
  return await new Promise<number>((resolve) =>
    process.stdin.once('close', () => {
      resolve(0);
    }),
  );
};
