import type { ProblemKind } from '../problemKind.ts';
import { example } from './example.ts';

/** Paths into the data file, and what SciCat is asked. */
export const sourceKinds = {
  'unknown-source': {
    severity: 'error',
    summary: 'A source that does not exist.',
    explanation:
      '`source` says where the value of a variable comes from: the data file, SciCat, or other variables. The names of the sources are written in upper case.',
  },
  'path-empty': {
    severity: 'error',
    summary: 'An empty NeXus path.',
    explanation: 'It names no dataset, so the variable has no value.' + example("path: ''", 'path: /entry/title'),
  },
  'wildcard-value-type': {
    severity: 'warning',
    summary: 'A wildcard with a type that knows none.',
    explanation:
      'Only with `value_type: string[]` a `*` in a path is a wildcard; otherwise a group with a star in its name is looked for.' +
      example('path: /entry/user_*/name\nvalue_type: string', "path: /entry/user_*/name\nvalue_type: 'string[]'"),
  },
  'wildcard-last': {
    severity: 'warning',
    summary: 'A path that ends in a wildcard.',
    explanation:
      'Here the matching datasets are read. The Python ingestor drops the variable: there the last part must be a name.' +
      example('path: /entry/notes/*', 'path: /entry/*/notes'),
  },
  'wildcard-relative': {
    severity: 'warning',
    summary: 'A path with a wildcard and without a leading slash.',
    explanation:
      'The Python ingestor throws away what stands before the first slash of such a path, so it looks in the wrong group.' +
      example('path: entry/user_1*/name', 'path: /entry/user_1*/name'),
  },
  'wildcard-invalid': {
    severity: 'error',
    summary: 'A wildcard that is not a regular expression.',
    explanation:
      'A part of a path with a `*` (other than a lone `*`) is a regular expression, and there a star repeats what stands before it.' +
      example('path: /entry/*_detector/name', 'path: /entry/.*_detector/name'),
  },
  'wildcard-pattern': {
    severity: 'information',
    summary: 'A wildcard that means something else than in a shell.',
    explanation:
      'Parts of a path with a `*` are regular expressions that are searched anywhere in the name: `user_*` takes every name with `user` in it, such as `superuser`. Often that is the same in the end; with `^` and `.*` it is certain.' +
      example('path: /entry/user_*/name', 'path: /entry/^user_.*$/name'),
  },
  'unknown-endpoint': {
    severity: 'warning',
    summary: 'A url that the Python ingestor has no address for.',
    explanation:
      'A relative `url` begins with `datasets`, `proposals`, `origdatablocks`, `instruments` or `samples`, without a slash before it.' +
      example('url: /proposal/<proposal_id>', 'url: proposals/<proposal_id>'),
  },
  'filter-not-json': {
    severity: 'error',
    summary: 'A filter in a url that is not a JSON object.',
    explanation:
      'SciCat refuses the question. Percent signs are decoded first, and variables may stand for texts and numbers in it.' +
      example('url: instruments?filter=name:coda', 'url: instruments?filter={"where":{"name":"coda"}}'),
  },
  'filter-ignored': {
    severity: 'warning',
    summary: 'A filter that SciCat does not look at.',
    explanation:
      'The list of proposals is filtered with `filters`; with `filter` SciCat answers with all proposals that can be read.' +
      example('url: proposals?filter={"where":{"title":"x"}}', 'url: proposals?filters={"where":{"title":"x"}}'),
  },
  'field-leading-colon': {
    severity: 'error',
    summary: 'A `field` that begins with a colon.',
    explanation:
      "No key of SciCat's answers does, so the variable has no value." +
      example('field: :pi_lastname', 'field: pi_lastname'),
  },
  'field-of-list': {
    severity: 'warning',
    summary: 'A key is taken from an answer that is a list.',
    explanation:
      'A question for a whole collection is answered with a list, even if only one item matches. Here the item is taken if it is the only one; the Python ingestor drops the variable.' +
      example(
        'id: {source: SC, url: \'instruments?filter={"where":{"name":"coda"}}\', field: id, value_type: string}',
        'found: {source: SC, url: \'instruments?filter={"where":{"name":"coda"}}\', field: \'\', value_type: list}\nfirst: {source: VALUE, operator: getitem, value: <found>, field: 0, value_type: dict}\nid: {source: VALUE, operator: getitem, value: <first>, field: id, value_type: string}',
      ),
  },
} as const satisfies Record<string, ProblemKind>;
