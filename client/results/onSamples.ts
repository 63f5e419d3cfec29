import { basename } from 'node:path';
import { l10n, workspace } from 'vscode';
import type { Uri } from 'vscode';
import { compareSchemas } from '../../server/protocol.ts';
import type { ImscAnswer } from '../imscProgram.ts';
import { isRecord } from '../json.ts';
import type { LanguageServer } from '../languageServer.ts';
import { openDocument } from '../schemaEditor.ts';
import type { Counterpart } from './comparison.ts';

/** What a schema is compared with: itself as it was, or another one as the editor has it. */
export interface Earlier {
  readonly schema: Uri;
  /** As it was; undefined for what it is each time. */
  readonly text: string | undefined;
  /** What it is called in the title of a field. */
  readonly title: string;
}

/**
 * A schema beside another text, on some files. The language server compares them: where it is a thread of a page.
 * @param samples the files, as the server names them
 */
export function onSamples(
  server: Pick<LanguageServer, 'request'>,
  schema: Uri,
  { schema: other, text: kept, title }: Earlier,
  samples: readonly string[],
): Counterpart {
  return {
    schema,
    working: l10n.t('{0}: comparing on {1} files …', basename(schema.fsPath), samples.length),
    before: title,
    run: async (typed, { cancellation }): Promise<ImscAnswer> => {
      const text = typed ?? (await textOf(schema));
      const before = { uri: other.toString(), text: kept ?? (await textOf(other)) };
      const answer = (document: unknown): ImscAnswer => {
        const found = isRecord(document) ? document : undefined;
        return { exitCode: 0, text: '', document: found, lastLines: [] };
      };
      try {
        const parameters = { uri: schema.toString(), text, before, samples };
        const compared = await server.request(compareSchemas, parameters, cancellation);
        if (compared !== undefined) return answer(compared);
      } catch (error) {
        if (cancellation?.isCancellationRequested) return answer(undefined);
        throw error;
      }
      throw new Error(l10n.t('The language server is not running.'));
    },
  };
}

async function textOf(uri: Uri): Promise<string> {
  return openDocument(uri)?.getText() ?? new TextDecoder().decode(await workspace.fs.readFile(uri));
}
