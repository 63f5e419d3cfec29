import { selects } from '../../core/imsc/schema/selector.ts';
import type { ServerContext } from '../context.ts';
import type { SelectedFilesParameters } from '../protocol.ts';

/** Which files an ingestion might give to a schema: what is offered first where a person looks for a sample. */
export function selectedFiles({ documents }: ServerContext) {
  return ({ uri, files }: SelectedFilesParameters): readonly string[] => {
    const selector = documents.get(uri)?.schema.selector;
    return selector ? files.filter((file) => selects(selector, file)) : [];
  };
}
