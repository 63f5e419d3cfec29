// Imported before the program by scripts/compiledCode.mjs: writes down at its end what V8 has compiled of its files.
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import vm from 'node:vm';

const folder = process.env.IMSC_KEPT_CODE;
const scripts = new Map();

vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    if (options?.cachedData !== undefined) scripts.set(basename(options.filename), this);
  }
};

process.on('exit', () => {
  for (const [name, script] of scripts) writeFileSync(join(folder, `${name}.code`), script.createCachedData());
});
