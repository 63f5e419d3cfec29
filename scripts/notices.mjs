// What is bundled, by name: an inventory in the CycloneDX form, and the licences of all of it in full, both from what
// the bundler took. The build writes them into dist/, and so into the VS Code extension and the npm package.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const generator = join(root, 'node_modules/@cyclonedx/cyclonedx-esbuild/bin/cyclonedx-esbuild-cli.js');

export const inventoryName = 'sbom.cdx.json';
export const noticesName = 'THIRD-PARTY-NOTICES.txt';

const licence = (name) => readFileSync(join(root, 'scripts/licences', name), 'utf8');

/** HDF5's own terms stand in the licence of h5wasm. */
function licenceOfHdf5() {
  const text = readFileSync(join(root, 'node_modules/h5wasm/LICENSE.txt'), 'utf8');
  const start = text.indexOf('Copyright Notice and License Terms for');
  if (start < 0) throw new Error('h5wasm no longer tells the licence of HDF5: scripts/notices.mjs has to be adapted.');
  return `${text.slice(start).trimEnd()}\n\n${licence('hdf5-lbnl.txt')}`;
}

const licenceOfPlugins = () => readFileSync(join(root, 'node_modules/h5wasm-plugins/COPYING'), 'utf8');

/**
 * What packages hold inside and their package.json does not tell. With a version, somebody has looked into that one;
 * another one has to be looked into again (the names of source files in the WebAssembly tell what is in it). What
 * LLVM builds in asks for no notice.
 */
const inner = [
  { of: 'h5wasm@0.10.3', name: 'HDF5', version: '2.0.0', id: 'BSD-3-Clause', text: licenceOfHdf5 },
  { of: 'h5wasm@0.10.3', name: 'libaec', id: 'BSD-2-Clause', text: () => licence('libaec.txt') },
  { of: 'h5wasm@0.10.3', name: 'zlib', id: 'Zlib', text: () => licence('zlib.txt') },
  { of: 'h5wasm@0.10.3', name: 'Emscripten', version: '4.0.23', id: 'MIT', text: () => licence('emscripten.txt') },
  { of: 'h5wasm@0.10.3', name: 'musl', id: 'MIT', text: () => licence('musl.txt') },
  { of: 'h5wasm-plugins@0.2.1', name: 'HDF5 plug-ins', id: 'BSD-3-Clause', text: licenceOfPlugins },
  { of: 'h5wasm-plugins@0.2.1', name: 'LZ4', id: 'BSD-2-Clause', text: () => licence('lz4.txt') },
  { of: 'h5wasm-plugins@0.2.1', name: 'Zstandard', id: 'BSD-3-Clause', text: () => licence('zstd.txt') },
  { of: 'h5wasm-plugins@0.2.1', name: 'Blosc', id: 'MIT', text: () => licence('blosc.txt') },
  { of: 'h5wasm-plugins@0.2.1', name: 'Bitshuffle', id: 'MIT', text: () => licence('bitshuffle.txt') },
  { of: 'h5wasm-plugins@0.2.1', name: 'LZF', id: 'BSD-3-Clause', text: () => licence('lzf.txt') },
  { of: 'h5wasm-plugins@0.2.1', name: 'bzip2', id: 'bzip2-1.0.6', text: () => licence('bzip2.txt') },
  {
    of: 'libarchive-wasm@1.2.0',
    name: 'libarchive',
    version: '3.7.7',
    id: 'BSD-2-Clause',
    text: () => licence('libarchive.txt'),
  },
  { of: 'libarchive-wasm@1.2.0', name: 'liblzma', version: '5.6.4', id: '0BSD', text: () => licence('liblzma.txt') },
  { of: 'libarchive-wasm@1.2.0', name: 'zlib', version: '1.3.1', id: 'Zlib', text: () => licence('zlib.txt') },
  { of: 'libarchive-wasm@1.2.0', name: 'bzip2', version: '1.0.8', id: 'bzip2-1.0.6', text: () => licence('bzip2.txt') },
  { of: 'libarchive-wasm@1.2.0', name: 'Emscripten', id: 'MIT', text: () => licence('emscripten.txt') },
  { of: 'libarchive-wasm@1.2.0', name: 'musl', id: 'MIT', text: () => licence('musl.txt') },
  { of: 'undici', name: 'llhttp', id: 'MIT', text: () => licence('llhttp.txt') },
];

/** Licences of packages that come without a file of theirs; the text stands in their repository or their README. */
const withoutText = [
  { of: 'libarchive-wasm@1.2.0', text: () => licence('libarchive-wasm.txt') },
  { of: 'lz4js@0.2.0', text: () => licence('lz4js.txt') },
  { of: 'saxes@6.0.0', text: () => licence('saxes.txt') },
  { of: 'pg-types@2.2.0', text: () => licence('pg-types.txt') },
  { of: 'pgpass@1.0.5', text: () => licence('pgpass.txt') },
];

/** One account of several builds, without the modules that plugins have made up. */
function merged(metafiles) {
  const isFile = (name) => !/^[\w ]+:/.test(name);
  const inputs = {};
  const outputs = {};
  for (const metafile of metafiles) {
    for (const [name, { imports, ...input }] of Object.entries(metafile.inputs)) {
      if (!isFile(name)) continue;
      const known = inputs[name]?.imports ?? [];
      inputs[name] = { ...input, imports: [...known, ...imports.filter(({ path }) => isFile(path))] };
    }
    for (const [name, output] of Object.entries(metafile.outputs)) {
      const { entryPoint, ...rest } = output;
      const used = Object.entries(output.inputs).filter(([input]) => isFile(input));
      const entry = entryPoint !== undefined && isFile(entryPoint) ? { entryPoint } : {};
      outputs[name] = { ...rest, ...entry, inputs: Object.fromEntries(used) };
    }
  }
  return { inputs, outputs };
}

function inventoryOf(metafiles) {
  const folder = mkdtempSync(join(tmpdir(), 'imsc-notices-'));
  try {
    const [given, made] = [join(folder, 'metafile.json'), join(folder, 'inventory.json')];
    writeFileSync(given, JSON.stringify(merged(metafiles)));
    const args = ['--bwd', root, '--gather-license-texts', '--output-reproducible', '--sv', '1.6', '-o', made, given];
    const { status, stderr } = spawnSync(process.execPath, [generator, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`The inventory of what is bundled cannot be made:\n${stderr}`);
    return JSON.parse(readFileSync(made, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const nameOf = ({ group, name }) => (group === undefined ? name : `${group}/${name}`);
const titleOf = (component) => [nameOf(component), component.version].filter(Boolean).join('@');
const textsOf = ({ evidence }) =>
  (evidence?.licenses ?? []).flatMap(({ license }) => {
    const { content, encoding } = license?.text ?? {};
    if (content === undefined) return [];
    return [encoding === 'base64' ? Buffer.from(content, 'base64').toString('utf8') : content];
  });
const licencesOf = ({ licenses = [] }) =>
  licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name).filter(Boolean);

function evidenceOf(name, text) {
  const content = { contentType: 'text/plain', encoding: 'base64', content: Buffer.from(text).toString('base64') };
  return { licenses: [{ license: { name: `of ${name}`, text: content } }] };
}

/** Adds what packages hold inside, and looks whether everything has a licence in full. */
function completed(inventory) {
  const components = inventory.components.map((component) => {
    const own = withoutText.find(({ of }) => of === titleOf(component));
    return own === undefined ? { ...component } : { ...component, evidence: evidenceOf('itself', own.text()) };
  });
  for (const { of, name, version, id, text } of inner) {
    const [, wanted, exact] = /^(.+?)(?:@([\d.]+))?$/.exec(of);
    const holder = components.find((component) => nameOf(component) === wanted);
    if (holder === undefined) continue;
    if (exact !== undefined && holder.version !== exact)
      throw new Error(`${titleOf(holder)} is bundled: scripts/notices.mjs knows what is inside of ${of}.`);
    const evidence = evidenceOf(name, text());
    const own = { type: 'library', name, ...(version && { version }), 'bom-ref': `${holder['bom-ref']}|${name}` };
    (holder.components ??= []).push({ ...own, licenses: [{ license: { id } }], evidence });
  }
  const all = components.flatMap((component) => [component, ...(component.components ?? [])]);
  const bare = all.filter((component) => licencesOf(component).length === 0 || textsOf(component).length === 0);
  if (bare.length > 0) throw new Error(`Bundled without a licence: ${bare.map(titleOf).join(', ')}.`);
  return { inventory: { ...inventory, components }, all };
}

function noticesOf(all) {
  const line = '-'.repeat(80);
  const texts = all.map((component) =>
    [line, `${titleOf(component)} (${licencesOf(component).join(', ')})`, line, '', ...textsOf(component)].join('\n'),
  );
  return `imsc holds the work of others. Their licences:\n\n${all.map((one) => `  ${titleOf(one)}`).join('\n')}\n\n${texts.map((text) => text.trimEnd()).join('\n\n\n')}\n`;
}

/**
 * Writes the inventory and the notices.
 * @param {readonly import('esbuild').Metafile[]} metafiles of all builds
 * @param {string} outdir
 * @throws {Error} where something is bundled without a licence
 */
export function writeNotices(metafiles, outdir) {
  const { inventory, all } = completed(inventoryOf(metafiles));
  // The texts stand in the notices.
  const lean = JSON.stringify(inventory, (key, value) => (key === 'evidence' ? undefined : value), 1);
  writeFileSync(join(outdir, inventoryName), `${lean}\n`);
  writeFileSync(join(outdir, noticesName), noticesOf(all));
}
