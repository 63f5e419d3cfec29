import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/** What V8 made of the program when it was built, for this Node and this kind of machine (scripts/compiledCode.mjs). */
const compiled = new URL(`../code/${process.version}-${process.platform}-${process.arch}/`, import.meta.url);
const requireFile = createRequire(import.meta.url);
const loaded = new Map<string, { exports: unknown }>();

/**
 * Loads a file of the built program, with what V8 compiled of it when it was built. Half of the processor time of a
 * short command is compiling otherwise. Where there is no such code, for another Node or for want of it, Node loads the
 * file; where V8 refuses it, because of flags that Node was started with, V8 compiles the source.
 * @param name as the files of the program name each other, `../later/check.cjs`; all lie one folder below dist/
 * @returns what the file exports
 */
export function requireCompiled(name: string): unknown {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const cachedData = name.startsWith('../') ? compiledCode(name.slice(3)) : undefined;
  if (cachedData === undefined) return requireFile(name);
  const filename = fileURLToPath(new URL(name, import.meta.url));
  const source = readFileSync(filename, 'utf8');
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename,
    cachedData,
  });
  const file: { exports: unknown } = { exports: {} };
  loaded.set(name, file);
  const run: unknown = script.runInThisContext();
  if (typeof run === 'function')
    run.call(file.exports, file.exports, requireCompiled, file, filename, dirname(filename));
  return file.exports;
}

function compiledCode(name: string): Buffer | undefined {
  try {
    return readFileSync(new URL(`${name}.code`, compiled));
  } catch {
    return undefined;
  }
}
