import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as protocol from '../../server/protocol.ts';
import { hintsOf, open, root, schemaOf, startServer } from '../support/browserServer.ts';
import { fileName, inNotation, notations } from '../support/markers.ts';

const stored = readFileSync(join(import.meta.dirname, 'library', 'stored.h5'));
const files = new Map([[`${root}/stored.h5`, stored]]);
const text = schemaOf(['title: string']).replace(
  'variables:\n',
  `variables:\n  slow:\n    source: VALUE\n    operator: regex\n    value: ${'a'.repeat(40)}!\n    pattern: (a+)+$\n    value_type: string\n`,
);

it.each(notations)(
  'work that does not end is told of, and the server that is started then leaves it out (%s)',
  async (notation) => {
    const uri = `${root}/${fileName('a', notation)}`;
    const sample = { uri, file: protocol.browserPath('vscode-vfs', 'github', '/facility/schemas/stored.h5') };
    const stuck = await startServer(files);
    const begun = new Promise<string>((resolve) => {
      stuck.onNotification(protocol.workBegun.method, ({ what }: { what: string }) => {
        if (what.startsWith('(a+)+$')) resolve(what);
      });
    });
    await open(stuck, uri, inNotation(text, notation));
    await stuck.sendNotification(protocol.chooseSample.method, sample);
    void hintsOf(stuck, await open(stuck, uri, inNotation(text, notation)));
    const next = await startServer(files, undefined, [await begun]);
    const document = await open(next, uri, inNotation(text, notation));
    await next.sendNotification(protocol.chooseSample.method, sample);
    expect(await hintsOf(next, document, 'Ice')).toContain('takes too long');
  },
);
