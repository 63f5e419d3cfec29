// Imported before the program by scripts/compiledCode.mjs: writes down at its end what V8 has compiled of its files, each
// with a sum of it and its source behind it (core/files/compiledCode.ts).
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import vm from 'node:vm';
import { crc32 } from 'node:zlib';

const folder = process.env.IMSC_KEPT_CODE;
const scripts = new Map();

vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    if (options?.cachedData !== undefined) scripts.set(options.filename, this);
  }
};

process.on('exit', () => {
  for (const [file, script] of scripts) {
    const code = script.createCachedData();
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(code, crc32(readFileSync(file))));
    writeFileSync(join(folder, `${basename(file)}.code`), Buffer.concat([code, sum]));
  }
});
