import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inventoryName, noticesName, writeNotices } from '../../scripts/notices.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'imsc-notices-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A package that somebody has made, as the bundler would tell of it. */
function metafileWith(name: string, manifest: object, licence?: string): object {
  const home = path.join(folder, 'node_modules', name);
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, 'package.json'), JSON.stringify({ name, version: '1.2.3', ...manifest }));
  writeFileSync(path.join(home, 'index.js'), '');
  if (licence !== undefined) writeFileSync(path.join(home, 'LICENSE'), licence);
  return metafileOf(path.relative(path.resolve(import.meta.dirname, '../..'), path.join(home, 'index.js')));
}

const metafileOf = (file: string): object => ({
  inputs: { [file]: { bytes: 0, imports: [] }, 'made up:by a plugin': { bytes: 0, imports: [] } },
  outputs: {
    [`${path.basename(path.dirname(file))}.js`]: {
      bytes: 0,
      exports: [],
      imports: [],
      inputs: { [file]: { bytesInOutput: 1 } },
    },
  },
});

const written = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

describe('the notices of what is bundled', () => {
  it('tell each package with its licence in full, and what is inside of HDF5', () => {
    writeNotices(
      [
        metafileWith('kind', { license: 'MIT' }, 'Copyright of a kind person. Do what you like.'),
        metafileOf('node_modules/h5wasm/dist/node/hdf5_util.js'),
      ],
      folder,
    );
    const notices = written(noticesName);
    for (const text of [
      'kind@1.2.3 (MIT)',
      'Do what you like.',
      'The HDF Group',
      'Lawrence Berkeley',
      'libaec (BSD-2-Clause)',
      'zlib (Zlib)',
      'musl (MIT)',
    ])
      expect(notices).toContain(text);
    const { bomFormat, components } = JSON.parse(written(inventoryName)) as {
      bomFormat: string;
      components: readonly { name: string; purl: string }[];
    };
    expect(bomFormat).toBe('CycloneDX');
    expect(components.map(({ name }) => name)).toEqual(['h5wasm', 'kind']);
    expect(components[1]?.purl).toMatch(/^pkg:npm\/kind@1\.2\.3/);
  });

  it.each([
    ['names none', {}, 'A text.'],
    ['has no text', { license: 'MIT' }, undefined],
  ])('fail where a package %s', (what, manifest, licence) => {
    const name = what.replaceAll(' ', '-');
    expect(() => {
      writeNotices([metafileWith(name, manifest, licence)], folder);
    }).toThrow(`Bundled without a licence: ${name}@1.2.3.`);
  });
});
