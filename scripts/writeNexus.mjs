/**
 * Writes NeXus (HDF5) files from a plain description, for samples and tests.
 *
 * The description is a list of items in the order of their making, as in test/conformance/vectors (key `nexus`):
 *   { path, kind: 'group' | 'dataset' | 'softlink' | 'hardlink' | 'external', attrs?, ... }
 * Groups on the way to a path are made as needed. `track_order` (group): children in the order of their making.
 * Datasets: `dtype`, `shape` (default: scalar, or that of a list), `value` (nested lists or flat; left out: zeros), `chunks`, `compression` ('gzip'), `maxshape`.
 * A dataset without a value takes no space on a file system with holes, however big.
 * dtype: i1 i2 i4 i8 u1 u2 u4 u8 f4 f8, vlen-utf8, vlen-ascii, fixed-utf8:N, fixed-ascii:N. Left out: of the value.
 * Attributes: a text, a number (float64), or { dtype, shape, value }.
 * Links: `target`; external ones also `file`.
 */
import { readFileSync } from 'node:fs';
import createModule from '../node_modules/h5wasm/dist/node/hdf5_util.js';
import { cutWasm } from '../core/nexus/library/cutWasm.mjs';

const MODE_TRUNCATE = 2;
const CLASS_INTEGER = 0;
const CLASS_FLOAT = 1;
const CLASS_STRING = 3;
const FILTER_DEFLATE = 1;

let loading;
function load() {
  loading ??= (async () => {
    const source = new URL('../node_modules/h5wasm/dist/node/hdf5_util.js', import.meta.url);
    const compiled = new WebAssembly.Module(cutWasm(readFileSync(source, 'utf8')).wasm);
    const module = await createModule({
      noInitialRun: true,
      instantiateWasm: (imports, done) => done(new WebAssembly.Instance(compiled, imports), compiled),
    });
    // The library's own messages say nothing that the statuses do not.
    const write = module.FS.write;
    module.FS.write = (stream, buffer, offset, length, position) =>
      stream.fd === 2 ? length : write(stream, buffer, offset, length, position);
    return module;
  })();
  return loading;
}

/** @param {string} path of the file; one that exists is replaced */
export async function writeNexus(path, items) {
  const module = await load();
  const file = module.open(path, MODE_TRUNCATE, false, -1, -1);
  if (file < 0n) throw new Error(`${path} cannot be written`);
  try {
    const made = new Set(['/']);
    for (const item of items) write(module, file, item, made);
  } finally {
    check(module.close_file(file), path);
  }
}

function write(module, file, item, made) {
  const { path } = item;
  makeParents(module, file, path, made);
  switch (item.kind) {
    case 'group':
      if (!made.has(path)) check(module.create_group(file, path, item.track_order ?? false), path);
      break;
    case 'dataset':
      writeDataset(module, file, item);
      break;
    case 'softlink':
      check(module.create_soft_link(file, item.target, path), path);
      break;
    case 'hardlink':
      check(module.create_hard_link(file, item.target, path), path);
      break;
    case 'external':
      check(module.create_external_link(file, item.file, item.target, path), path);
      break;
    default:
      throw new Error(`${path}: unknown kind ${item.kind}`);
  }
  made.add(path);
  for (const [name, value] of Object.entries(item.attrs ?? {})) writeAttribute(module, file, path, name, value);
}

function makeParents(module, file, path, made) {
  for (let end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
    const parent = path.slice(0, end);
    if (!made.has(parent)) check(module.create_group(file, parent, false), parent);
    made.add(parent);
  }
}

function writeDataset(module, file, item) {
  const metadata = { ...typeOf(item.dtype, item.value), ...spaceOf(item) };
  if (item.value === undefined) {
    writeSparse(module, file, item.path, metadata);
    return;
  }
  const values = [item.value].flat(Infinity);
  if (metadata.vlen) check(module.create_vlen_str_dataset(file, item.path, values, metadata), item.path);
  else
    withBytes(module, bytesOf(values, metadata), (at) =>
      check(module.create_dataset(file, item.path, at, metadata), item.path),
    );
}

/** All zeros; only the last element is really written, so that a file system with holes stores next to nothing. */
function writeSparse(module, file, path, metadata) {
  // The null pointer makes the write of the values fail, and leaves an empty dataset.
  module.create_dataset(file, path, 0n, metadata);
  const ones = metadata.shape.map(() => 1n);
  const last = metadata.shape.map((length) => length - 1n);
  const zero = Buffer.alloc(metadata.size);
  withBytes(module, zero, (at) => check(module.set_dataset_data(file, path, ones, last, ones, at), path));
}

function writeAttribute(module, file, path, name, attribute) {
  const plain = typeof attribute !== 'object' || attribute === null || Array.isArray(attribute);
  const { dtype, shape, value } = plain ? { value: attribute } : attribute;
  const values = [value].flat(Infinity);
  const metadata = { ...typeOf(dtype, value), ...spaceOf({ shape, value }) };
  const label = `${path}@${name}`;
  if (metadata.vlen) check(module.create_vlen_str_attribute(file, path, name, values, metadata), label);
  else
    withBytes(module, bytesOf(values, metadata), (at) =>
      check(module.create_attribute(file, path, name, at, metadata), label),
    );
}

function spaceOf({ shape, value, chunks, maxshape, compression }) {
  const lengths = shape ?? shapeOf(value);
  const layout = chunks ?? (compression || maxshape ? lengths.map((length) => Math.max(length, 1)) : null);
  return {
    shape: lengths.map(BigInt),
    maxshape: (maxshape ?? lengths).map((length) => (length === null ? 0xffffffffffffffffn : BigInt(length))),
    chunks: layout === null ? null : layout.map(BigInt),
    compression: compression ? FILTER_DEFLATE : null,
    compression_opts: compression ? [4] : [],
    track_order: false,
  };
}

function shapeOf(value) {
  return Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}

function numberType(dtype) {
  const [, kind, digits] = /^<?([iuf])([1248])$/.exec(dtype) ?? [];
  const size = Number(digits);
  return kind === undefined || (kind === 'f' && size < 4) ? undefined : { kind, size };
}

function typeOf(dtype, value) {
  const sample = [value].flat(Infinity)[0];
  const name = dtype ?? (typeof sample === 'string' ? 'vlen-utf8' : typeof sample === 'bigint' ? 'i8' : 'f8');
  const common = { littleEndian: true, vlen: false, signed: false, total_size: 1 };
  const number = numberType(name);
  if (number !== undefined) {
    const type = number.kind === 'f' ? CLASS_FLOAT : CLASS_INTEGER;
    return { ...common, type, size: number.size, signed: number.kind === 'i' };
  }
  const [, form, set, length] = /^(vlen|fixed)-(utf8|ascii)(?::(\d+))?$/.exec(name) ?? [];
  if (form === undefined) throw new Error(`the type ${name} cannot be written`);
  return {
    ...common,
    type: CLASS_STRING,
    cset: set === 'utf8' ? 1 : 0,
    vlen: form === 'vlen',
    size: Number(length ?? 4),
  };
}

function bytesOf(values, { type, size, signed }) {
  const bytes = Buffer.alloc(Math.max(values.length * size, 1));
  values.forEach((value, index) => {
    const at = index * size;
    if (type === CLASS_STRING) bytes.write(value, at, size, 'utf8');
    else if (type === CLASS_FLOAT) size === 4 ? bytes.writeFloatLE(value, at) : bytes.writeDoubleLE(value, at);
    else if (size === 8) bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), at);
    else signed ? bytes.writeIntLE(Number(value), at, size) : bytes.writeUIntLE(Number(value), at, size);
  });
  return bytes;
}

function withBytes(module, bytes, use) {
  const pointer = module._malloc(bytes.length);
  try {
    module.HEAPU8.set(bytes, pointer);
    use(BigInt(pointer));
  } finally {
    module._free(pointer);
  }
}

function check(status, what) {
  if (status < 0) throw new Error(`writing ${what} failed`);
}

/**
 * Many nodes for measurements: `groups` NXcollections of `perGroup` datasets each, two thirds of them with units. The
 * same numbers give the same file.
 */
export function manyNodes(groups, perGroup) {
  const items = [{ path: '/entry', kind: 'group', attrs: { NX_class: 'NXentry' } }];
  for (let group = 0; group < groups; group += 1) {
    const path = `/entry/group_${String(group).padStart(5, '0')}`;
    items.push({ path, kind: 'group', attrs: { NX_class: 'NXcollection' } });
    for (let index = 0; index < perGroup; index += 1) {
      const text = index % 3 === 2;
      items.push({
        path: `${path}/value_${String(index).padStart(5, '0')}`,
        kind: 'dataset',
        value: text ? `text ${group}.${index}` : group + index / 1000,
        ...(text ? {} : { attrs: { units: ['mm', 'K', 'Hz'][(group + index) % 3] } }),
      });
    }
  }
  return items;
}
