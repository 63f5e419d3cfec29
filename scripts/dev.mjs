// `npm run dev`: builds dist/ again with each change, and says what then has to be started anew. A VS Code that was
// started with "Debug: extension on samples/" restarts its language server by itself.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const build = fileURLToPath(new URL('build.mjs', import.meta.url));
const child = spawn(process.execPath, [build, '--watch'], { stdio: ['inherit', 'inherit', 'pipe'] });

/** esbuild watches in several builds at once; what they say within this time belongs together. */
const together = 1000;
let timer;
let failed = false;
let hinted = false;

console.log('Building…');
child.stderr.setEncoding('utf8').on('data', (text) => {
  if (/\[watch\] build started/.test(text) && timer === undefined) console.log('Building…');
  if (text.includes('[ERROR]')) failed = true;
  const worthShowing = text.split('\n').filter((line) => !/^\[watch\]|^\s*$/.test(line));
  if (worthShowing.length > 0) console.error(worthShowing.join('\n'));
  clearTimeout(timer);
  timer = setTimeout(() => {
    timer = undefined;
    const hasFailed = failed;
    failed = false;
    if (hasFailed) console.log('The build failed; it is tried again with the next change.');
    else {
      console.log(`Built at ${new Date().toLocaleTimeString()}.`);
      if (hinted) return;
      hinted = true;
      console.log(
        '  server/, core/  VS Code under “Debug” restarts its server; elsewhere: SciCat: Restart Language Server',
      );
      console.log('  client/         in VS Code: Developer: Reload Window');
      console.log('  cli/            nothing: the next command is the new one');
    }
  }, together);
});
child.on('close', (code) => {
  process.exitCode = code ?? 1;
});
