import { problem } from '../../problems/problem.ts';
import type { DialectName } from '../language/dialects.ts';
import type { Check } from './check.ts';

/** The file as such: its name, and its notation. */
export const checkFile: Check = ({ schema, file, report }) => {
  const { root, notation } = schema.tree;
  const start = root?.range.start ?? 0;
  const place = { start, end: Math.min(start + 1, schema.tree.text.length) };
  const name = file?.replace(/^.*[/\\]/, '');
  if (name !== undefined && (name.startsWith('.') || !/\.imsc\.(?:json|ya?ml)$/.test(name))) {
    report(
      problem(
        'schema-file-name',
        name.startsWith('.')
          ? `“${name}” is a hidden file, which no ingestor loads as a schema.`
          : `“${name}” does not end in .imsc.yml, .imsc.yaml or .imsc.json, so it is not loaded as a schema.`,
        place,
      ),
    );
  }
  if (notation === 'json' && root?.kind === 'map') {
    const onlyIn = ['python-26', 'next'] satisfies DialectName[];
    report(
      problem('json-notation', 'Schemas in JSON still work; the Python ingestor asks for YAML.', place, { onlyIn }),
    );
  }
};
