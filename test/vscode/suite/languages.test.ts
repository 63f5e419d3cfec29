import assert from 'node:assert/strict';
import { openFile } from './workspaceFile.ts';

describe('languages', () => {
  const files = [
    { name: 'coda.imsc.yml', language: 'imsc-yaml' },
    { name: 'long-name.imsc.yaml', language: 'imsc-yaml' },
    { name: 'coda.imsc.json', language: 'imsc-json' },
    { name: 'plain.yml', language: 'yaml' },
  ];

  for (const { name, language } of files) {
    it(`takes ${name} for ${language}`, async () => {
      const { document } = await openFile(name);
      assert.equal(document.languageId, language);
    });
  }
});
