/** What a case that is marked `deviate` must give here, instead of what was recorded. */
export interface Deviation {
  /** Exit code. */
  readonly exit: 0 | 1;
  /** Some variables, in the notation of the recordings; null: it must have no value. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Codes that must be among the problems that are reported. */
  readonly problems?: readonly string[];
  /** Some fields of the dataset; undefined: it must be absent. */
  readonly dataset?: Readonly<Record<string, unknown>>;
  /** Paths in the list of files, `{{ROOT}}` standing for the folder of the case. */
  readonly paths?: readonly string[];
  /** Id of the schema that is used. */
  readonly schema?: string;
}

const works: Deviation = { exit: 0 };
const data = '{{ROOT}}/ess/data/coda/2025/123321/raw/123321_00031010.hdf';

/** Every recorded case in which the Python ingestor is wrong or unhelpful, and what happens here. */
export const deviating: Readonly<Record<string, Deviation>> = {
  'config-no-health-check': works,
  'config-no-kafka': works,
  'config-upstream-defaults': { exit: 0, paths: ['raw/123321_00031010.hdf', 'ingestor/123321_00031010.b2b'] },
  'docs-str-replace-example': {
    exit: 0,
    variables: { as_in_table: { value: '/ess/data/instrument/year/proposal', unit: '' } },
    problems: ['operator-spelling'],
  },
  'exists-by-metadata-empty-list': works,
  'exists-by-metadata-nonascii': works,
  'exists-by-pid-null-body': works,
  'field-infinity-in-list-not-json': { exit: 0, dataset: { scientificMetadata: {} }, problems: ['field-not-json'] },
  'field-mandatory-null-date': { exit: 1, problems: ['mandatory-field-missing'] },
  'field-nan-not-json': { exit: 0, dataset: { scientificMetadata: {} }, problems: ['field-not-json'] },
  'field-reserved-isPublished': { exit: 0, dataset: { isPublished: false }, problems: ['reserved-field'] },
  'field-reserved-scientificMetadata': { exit: 0, problems: ['reserved-field'] },
  'field-set-not-json': { exit: 0, problems: ['field-not-json'] },
  'files-hash-file-no-directory': works,
  'files-hash-file-without-hash': { exit: 0, paths: [data], problems: ['config-no-effect'] },
  'files-path-type-unknown': { exit: 0, problems: ['config-value'] },
  'files-relative-source-folder-variable': { exit: 0, paths: ['raw/123321_00031010.hdf'] },
  'nxs-date-null': {
    exit: 0,
    variables: { one_int: { value: '2024-10-28T09:32:50+00:00', unit: '' }, multi: null, multi_str: null, null: null },
    problems: ['variable-failed'],
  },
  'nxs-dict-list-none': {
    exit: 0,
    variables: { list_ints: { value: [1, 2], unit: '' }, dict_str: { value: { a: 1 }, unit: '' }, dict_ints: null },
    problems: ['variable-failed'],
  },
  'nxs-email-link': {
    exit: 0,
    variables: {
      email_vlen: { value: 'a@b.org', unit: '' },
      link_fixed: { value: 'a@b.org', unit: '' },
      email_int: null,
    },
  },
  'nxs-string-array-text': {
    exit: 0,
    variables: {
      vlen: { value: ['a', 'b'], unit: '' },
      fixed: { value: ['ab', 'cd'], unit: '' },
      utf8: { value: ['Åsa'], unit: '' },
      scalar: { value: ['a'], unit: '' },
    },
  },
  'pid-missing-not-generated': { exit: 0, dataset: { pid: undefined }, problems: ['pid-by-scicat'] },
  'pid-not-allowed-but-generated': { exit: 0, dataset: { pid: undefined }, problems: ['pid-not-allowed'] },
  'pid-not-allowed': { exit: 0, dataset: { pid: undefined }, problems: ['pid-not-allowed'] },
  'post-odb-no-id': works,
  'sample-attachment-crashes': works,
  'sc-not-found': { exit: 0, variables: { msg: null, whole: null, whole_s: null }, problems: ['variable-failed'] },
  'sc-timeout-zero': { exit: 0, variables: { a: { value: 'yes', unit: '' } } },
  'sc-url-endpoints': {
    exit: 0,
    variables: {
      users: { value: 'yes', unit: '' },
      slash: { value: 'yes', unit: '' },
      dot: { value: 'yes', unit: '' },
    },
    problems: ['unknown-endpoint'],
  },
  'sc-url-template': { exit: 0, variables: { raw: null }, problems: ['variable-failed'] },
  'schema-invalid-both-keys': { exit: 0, problems: ['schema-and-schemas'] },
  'schema-invalid-extra-key': { exit: 0, problems: ['unknown-key'] },
  'schema-invalid-field-extra-key': { exit: 0, problems: ['unknown-key'] },
  'schema-invalid-nxs-operator': { exit: 0, problems: ['unknown-key'] },
  'schema-invalid-schemas-key': works,
  'schemas-duplicate-id': { exit: 0, schema: 'dup', problems: ['schema-duplicate-id'] },
  'schemas-fallback-by-name': {
    exit: 1,
    schema: 'scicat-ingestor-fallback-schema',
    problems: ['mandatory-field-missing'],
  },
  'schemas-order-mixed-types': works,
  'selector-colon-in-operand': works,
  'selector-datafile': works,
  'selector-expanded-matches-everything': { exit: 1, problems: ['no-schema'] },
  'selector-not-alone-matches': { exit: 1, problems: ['no-schema'] },
  'template-recursive': {
    exit: 0,
    variables: { a: { value: 'T: see <later>', unit: '' }, b: { value: 'T: see <early>', unit: '' } },
  },
  'template-yaml-date-crashes': { exit: 0, variables: { d: { value: '2024-01-02T00:00:00', unit: '' } } },
  'units-attribute-array-crashes-post': { exit: 0, variables: { x: { value: 1, unit: 'mm' } } },
  'units-attribute-bytes': {
    exit: 0,
    variables: {
      fixed: { value: 1, unit: 'mm' },
      fixed_utf8: { value: 1, unit: 'µm' },
      array: { value: 1, unit: 'mm' },
      number: { value: 1, unit: 'hard' },
    },
  },
  'units-attribute-fixed-crashes-post': { exit: 0, variables: { x: { value: 1, unit: 'mm' } } },
  'units-sc': { exit: 0, variables: { a: { value: 1.5, unit: 'K' } } },
  'valuetype-date-other': {
    exit: 0,
    variables: { date_of_dict: null, date_of_null: null },
    problems: ['variable-failed'],
  },
  'wildcard-last-component': { exit: 0, variables: { u: { value: ['a', 'b'], unit: '' } } },
  'wildcard-missing-child': {
    exit: 0,
    variables: { u: { value: ['a'], unit: '' } },
    problems: ['wildcard-skipped'],
  },
  'wildcard-no-leading-slash': {
    exit: 0,
    variables: {
      a: { value: ['bare', '10', '9', 'B', 'a', 'b', 'Ø'], unit: '' },
      c: { value: ['at the root'], unit: '' },
    },
  },
};
