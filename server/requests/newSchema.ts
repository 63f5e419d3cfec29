import path from 'node:path';
import type { ResponseError } from 'vscode-languageserver';
import { newSchemaText } from '../../core/ingest/newSchema/newSchemaText.ts';
import { sampleComment } from '../../core/ingest/newSchema/sampleComment.ts';
import { tryOnFolder } from '../../core/ingest/newSchema/tryOnFolder.ts';
import { NexusError } from '../../core/nexus/model.ts';
import { placeholderPlaces } from '../../core/text/placeholders.ts';
import { refused } from '../context.ts';
import type { ServerContext } from '../context.ts';
import { fileOf, uriOf } from '../documents/documentKind.ts';
import { escapeSnippet } from '../features/completion/proposal.ts';
import type { NewSchema, NewSchemaParameters } from '../protocol.ts';

/** A new schema that takes the given values of a NeXus file, or those that are worth taking. */
export function newSchema(server: ServerContext) {
  return async ({ file, paths, notation, name, uri }: NewSchemaParameters): Promise<NewSchema | ResponseError> => {
    if (!server.samples.trusted) return refused('The workspace is not trusted, so NeXus files are not read.');
    try {
      const opened = await server.evaluations.open(file);
      const config = await server.configs.of(uri ?? uriOf(file));
      const made = await newSchemaText(opened, paths, notation, name, config);
      const place = uri === undefined ? undefined : fileOf(uri);
      const text = place === undefined ? made : sampleComment(path.dirname(place), file, notation) + made;
      const trial = await tryOnFolder(text, notation, file, config, (each) => server.evaluations.open(each));
      return { notation, text, snippet: snippetOf(text), trial };
    } catch (error) {
      if (error instanceof NexusError) return refused(error.message);
      throw error;
    }
  };
}

/** What has to be filled in becomes tab stops; the same name is filled in once. */
function snippetOf(text: string): string {
  const names: string[] = [];
  let snippet = '';
  let end = 0;
  for (const { name, start } of placeholderPlaces(text)) {
    if (!names.includes(name)) names.push(name);
    snippet += `${escapeSnippet(text.slice(end, start))}\${${names.indexOf(name) + 1}:${escapeSnippet(name)}}`;
    end = start + name.length;
  }
  return snippet + escapeSnippet(text.slice(end));
}
