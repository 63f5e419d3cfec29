import path from 'node:path';
import { loadConfig } from '../core/config/config.ts';
import { fileOf } from './documents/documentKind.ts';
import type { OtherKind } from './documents/documentKind.ts';
import { metadataKind } from './kinds/metadata.ts';
import type { KindEntry } from './kinds/kind.ts';

/** Each kind of document but schemas; how they are known stands in `documentKind.ts`. */
export const kinds: Readonly<Record<OtherKind, KindEntry>> = {
  config: {
    problems: (document) => {
      // A text without a path of its own is taken for a configuration in the working directory.
      const file = path.resolve(fileOf(document.uri) ?? 'untitled');
      const { problems } = loadConfig({ file, text: document.getText() });
      return problems.filter((each) => each.file === undefined || each.file === file);
    },
  },
  metadata: metadataKind,
};
