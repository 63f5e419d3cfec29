import type { ResponseError } from 'vscode-languageserver';
import { newSchemaText } from '../../core/ingest/newSchema/newSchemaText.ts';
import { NexusError } from '../../core/nexus/model.ts';
import { refused } from '../context.ts';
import type { ServerContext } from '../context.ts';
import { uriOf } from '../documents/documentKind.ts';
import type { ConvertedSchema, NewSchemaParameters } from '../protocol.ts';

/** A new schema that takes the given values of a NeXus file, or those that are worth taking. */
export function newSchema(server: ServerContext) {
  return async ({
    file,
    paths,
    notation,
    name,
    uri,
  }: NewSchemaParameters): Promise<ConvertedSchema | ResponseError> => {
    if (!server.samples.trusted) return refused('The workspace is not trusted, so NeXus files are not read.');
    try {
      const opened = await server.evaluations.open(file);
      const config = await server.configs.of(uri ?? uriOf(file));
      return { notation, text: await newSchemaText(opened, paths, notation, name, config) };
    } catch (error) {
      if (error instanceof NexusError) return refused(error.message);
      throw error;
    }
  };
}
