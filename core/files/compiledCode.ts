import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** What V8 made of the program when it was built, for this Node and this kind of machine (scripts/compiledCode.mjs). */
const compiled = new URL(`../code/${process.version}-${process.platform}-${process.arch}/`, import.meta.url);
const requireFile = createRequire(import.meta.url);
const loaded = new Map<string, { exports: unknown }>();

/**
 * Loads a file of the built program, with what V8 compiled of it when it was built. Half of the processor time of a
 * short command is compiling otherwise. Where there is no such code, for another Node or for want of it, Node loads the
 * file; where V8 refuses it, because of flags that Node was started with, V8 compiles the source. V8 knows the source by
 * its length and the code by nothing: one changed byte of it ends Node in a crash, or makes another program of this one.
 * So a sum of both stands behind the code (0.2 ms, and a millisecond where nothing else needs zlib), and V8 is given
 * none that has another.
 * @param name as the files of the program name each other, `../later/check.cjs`; all lie one folder below dist/
 * @returns what the file exports
 */
export function requireCompiled(name: string): unknown {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const compiledFile = name.startsWith('../') ? compiledScript(name) : undefined;
  if (compiledFile === undefined) return requireFile(name);
  const { script, filename } = compiledFile;
  const file: { exports: unknown } = { exports: {} };
  loaded.set(name, file);
  const run: unknown = script.runInThisContext();
  if (typeof run === 'function')
    run.call(file.exports, file.exports, requireCompiled, file, filename, dirname(filename));
  return file.exports;
}

/** By itself, so that while the file runs nobody holds what was read of it: up to 2 MB of the language server. */
function compiledScript(name: string): { readonly script: Script; readonly filename: string } | undefined {
  const kept = compiledCode(name.slice(3));
  if (kept === undefined) return undefined;
  const filename = fileURLToPath(new URL(name, import.meta.url));
  const source = readFileSync(filename);
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${source.toString('utf8')}\n})`,
    { filename, cachedData: wholeCode(kept, source) },
  );
  return { script, filename };
}

/** The code without the sum behind it (scripts/keepScripts.mjs); none, which V8 refuses, if it is not that of both. */
function wholeCode(kept: Buffer, source: Buffer): Buffer {
  const code = kept.subarray(0, -4);
  return kept.length > 4 && crc32(code, crc32(source)) === kept.readUInt32LE(kept.length - 4) ? code : Buffer.alloc(0);
}

function compiledCode(name: string): Buffer | undefined {
  try {
    return readFileSync(new URL(`${name}.code`, compiled));
  } catch {
    return undefined;
  }
}
