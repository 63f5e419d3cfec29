import { withLineBreaksOf } from '../../imsc/edits/applyFixes.ts';
import { appendEntries, removeEntry } from '../../imsc/edits/textEdits.ts';
import { inItsPlace } from '../../imsc/translation/fieldNames.ts';
import { entries, keyText } from '../../imsc/tree/tree.ts';
import type { MapEntry, MapNode, Node, Tree } from '../../imsc/tree/tree.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem, TextEdit } from '../../problems/problem.ts';
import type { ApiVersion } from '../../scicat/datasetForVersion.ts';
import { scalarText } from '../../imsc/schema/schema.ts';
import type { Migration } from './migrateSchema.ts';

/** The version in which the next Python ingestor asks for each; it has no path of the datasets, which are always in v4. */
const versions: Readonly<Record<string, ApiVersion>> = {
  proposals: 'v3',
  origdatablocks: 'v4',
  instruments: 'v3',
  samples: 'v4',
  jobs: 'v4',
};

/**
 * The keys of the `scicat` section as the ingestor for the other version of the API has them: today's has the version in
 * `host`, the next one in each of the paths. All else stays as it is.
 */
export function migrateConfig(tree: Tree, to: ApiVersion): Migration {
  const edits: TextEdit[] = [];
  const problems: Problem[] = [];
  const scicat = tree.root?.kind === 'map' ? entryNamed(tree.root, ['scicat']) : undefined;
  if (scicat?.value?.kind !== 'map') return { edits, problems };
  const map = scicat.value;
  const replaced = (node: Node | undefined, text: string): void => {
    const edit = node?.kind === 'scalar' ? inItsPlace(tree, node, text) : undefined;
    if (edit) edits.push(edit);
  };
  const host = entryNamed(map, ['host'])?.value;
  const address = scalarText(host) ?? '';
  const isOld = /\/v3\/?$/i.test(address);
  if (to === 'v4' ? !isOld : !/\/api\/?$/i.test(address)) return { edits, problems };
  replaced(host, to === 'v4' ? address.replace(/\/v3\/?$/i, '') : `${address.replace(/\/$/, '')}/v3`);
  const version = entryNamed(map, ['apiVersion', 'api_version', 'api-version']);
  if (version) {
    if (to === 'v4') replaced(version.value, 'v4');
    else {
      const removed = removeEntry(tree, map, version);
      if (removed) edits.push(removed);
    }
  }
  const section = entryNamed(map, ['api_endpoints', 'api-endpoints']);
  const endpoints = section?.value?.kind === 'map' ? section.value : undefined;
  for (const entry of endpoints ? entries(endpoints) : []) {
    const [name, path] = [keyText(entry), scalarText(entry.value) ?? ''];
    if (name === 'health') continue;
    if (name === 'datasets' && to === 'v4') {
      const removed = path === 'datasets' && endpoints ? removeEntry(tree, endpoints, entry) : undefined;
      if (removed) edits.push(removed);
      else problems.push(left(entry, 'the next Python ingestor always takes “v4/datasets”.'));
    } else if (to === 'v4') {
      const wanted = versions[name];
      if (wanted !== undefined && !/^(?:https?:|\/|v\d\/)/i.test(path)) replaced(entry.value, `${wanted}/${path}`);
    } else replaced(entry.value, path.replace(/^v[34]\//, ''));
  }
  moveHealth(tree, scicat, map, section, to, edits, problems);
  return { edits: withLineBreaksOf(tree.text, edits), problems };
}

/** Whether SciCat is well is asked at a key of its own, or at one of the paths. */
function moveHealth(
  tree: Tree,
  scicat: MapEntry,
  map: MapNode,
  section: MapEntry | undefined,
  to: ApiVersion,
  edits: TextEdit[],
  problems: Problem[],
): void {
  const old = entryNamed(map, ['health_endpoint', 'health-endpoint']);
  const endpoints = section?.value?.kind === 'map' ? section.value : undefined;
  const next = endpoints && entryNamed(endpoints, ['health']);
  const [from, owner] = to === 'v4' ? [old, map] : [next, endpoints];
  if (!from || !owner) return;
  const path = scalarText(from.value) ?? '';
  const isUsual = path === (to === 'v4' ? 'health' : 'v3/health');
  const removed = removeEntry(tree, owner, from);
  if (!isUsual || !removed) {
    const where =
      to === 'v4' ? `scicat.api_endpoints.health: v3/${path}` : `scicat.health_endpoint: ${path.replace(/^v3\//, '')}`;
    problems.push(left(from, `write it as ${where}.`));
  } else if (to === 'v4' && !section) {
    const added = appendEntries(tree, scicat, [{ key: 'api_endpoints', texts: [['health', 'v3/health']] }]);
    edits.push(removed, ...(added ? [added] : []));
  } else edits.push(removed);
}

function left(entry: MapEntry, why: string): Problem {
  return problem('not-translated', `“${keyText(entry)}” cannot be written otherwise: ${why}`, entry.key.range);
}

function entryNamed(map: MapNode, names: readonly string[]): MapEntry | undefined {
  return entries(map).find((entry) => names.includes(keyText(entry)));
}
