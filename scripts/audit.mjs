// Asks the registry of npm what is known against the packages that are bundled. `npm audit --omit=dev` cannot tell:
// everything that is bundled is a developers' package. Exit code 1: something is known; 2: the registry gave no answer.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfStale, root } from './builtProgram.mjs';
import { inventoryName } from './notices.mjs';

buildIfStale();
const inventory = join(root, 'dist', inventoryName);
if (!existsSync(inventory)) throw new Error(`${inventory} is not there: build first.`);
const bundled = new Set(
  JSON.parse(readFileSync(inventory, 'utf8')).components.map(
    ({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name}@${version}`,
  ),
);
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

const { stdout } = spawnSync('npm', ['audit', '--json', '--include=dev'], { cwd: root, encoding: 'utf8' });
let report;
try {
  report = JSON.parse(stdout);
} catch {
  report = { message: stdout };
}
if (report.vulnerabilities === undefined) {
  const why = report.message ?? report.error?.summary ?? 'it said nothing';
  console.error(`The registry gave no answer, so nothing is known about ${bundled.size} bundled packages: ${why}`);
  process.exit(2);
}

let known = 0;
for (const { name, nodes = [], severity, via = [] } of Object.values(report.vulnerabilities)) {
  const hit = nodes.map((node) => `${name}@${packages[node]?.version}`).filter((one) => bundled.has(one));
  const reasons = via.flatMap((each) => (typeof each === 'object' ? [`${each.title} (${each.url})`] : []));
  if (hit.length === 0 || reasons.length === 0) continue;
  known += 1;
  console.log(`${severity}: ${[...new Set(hit)].join(', ')}: ${reasons.join('; ')}`);
}
console.log(`${bundled.size} bundled packages, ${known} with something known against them`);
process.exitCode = known > 0 ? 1 : 0;
