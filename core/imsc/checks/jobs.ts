import { problem } from '../../problems/problem.ts';
import type { Fix } from '../../problems/problem.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { lookup } from '../language/registry.ts';
import { jobKeys } from '../language/schemaKeys.ts';
import { addKeyFixes, keyEdit } from '../schema/keyProblems.ts';
import { isEmpty } from '../schema/schema.ts';
import { keyText } from '../tree/tree.ts';
import type { MapNode, ScalarNode } from '../tree/tree.ts';
import type { Check, CheckInput } from './check.ts';

/** The jobs of a schema: their keys, and parameters as SciCat and the next ingestor take them. */
export const checkJobs: Check = (input) => {
  const entry = input.schema.general.get('jobs');
  if (!entry?.value || isEmpty(entry.value)) return;
  if (entry.value.kind !== 'map') {
    input.report(problem('wrong-shape', '“jobs” is a map of names.', entry.value.range));
    return;
  }
  for (const job of entry.value.entries) {
    if (job.value?.kind === 'map') checkJob(job.value, keyText(job), input);
    else input.report(problem('structure', `The job “${keyText(job)}” needs a map of keys.`, job.key.range));
  }
};

function checkJob(map: MapNode, name: string, { schema: { tree }, report }: CheckInput): void {
  const present = new Set<string>();
  for (const entry of map.entries) {
    const written = keyText(entry);
    const known = lookup(jobKeys, written);
    if (!known) {
      const near = suggestion(
        written,
        jobKeys.map((key) => key.name),
      );
      const hint = near === undefined ? 'The next ingestor refuses the file because of it.' : `Did you mean “${near}”?`;
      const fixes = near === undefined ? [] : [nearKey(entry.key, near)];
      report(problem('unknown-key', `“${written}” is not a key of a job. ${hint}`, entry.key.range, { fixes }));
      continue;
    }
    present.add(known.name);
    const { value } = entry;
    if (!value || isEmpty(value)) continue;
    if (known.name !== 'job_params') {
      if (value.kind !== 'scalar') report(problem('wrong-shape', `“${known.name}” is a text.`, value.range));
    } else if (value.kind !== 'map')
      report(problem('wrong-shape', '“job_params” is a map of parameters.', value.range));
    else {
      for (const parameter of value.entries) {
        if (parameter.value?.kind !== 'map') continue;
        const message = `“${keyText(parameter)}” is a map directly in “job_params”, which the next ingestor refuses; a list of maps is taken.`;
        report(problem('wrong-shape', message, parameter.key.range));
      }
    }
  }
  for (const key of jobKeys) {
    if (!key.required || present.has(key.name)) continue;
    const message = `“${key.name}” (${key.summary}) is missing in the job “${name}”.`;
    const fixes = addKeyFixes(tree, map, key);
    report(problem('missing-key', message, map.entries[0]?.key.range ?? map.range, { fixes }));
  }
}

function nearKey(key: ScalarNode, near: string): Fix {
  return { title: `Change to “${near}”`, edits: [keyEdit(key, near)], preferred: true };
}
