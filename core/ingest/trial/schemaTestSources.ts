import type { SchemaFile } from '../../imsc/schema/schema.ts';
import type { CatalogueReader } from '../../imsc/evaluation/readers.ts';
import { completeUrl } from '../sources/catalogueReader.ts';
import type { Config } from '../../config/configOptions.ts';
import { NotKnown } from '../../imsc/evaluation/readers.ts';
import { builtInValues } from '../../imsc/language/builtIns.ts';
import { factsOfTest } from '../sources/builtIns.ts';
import type { SchemaTest } from './schemaTestFile.ts';

/** What a test gives a schema in the place of SciCat and of the run: the same each time, on every machine. */
export interface TestSources {
  readonly catalogue: CatalogueReader;
  readonly builtIns: Readonly<Record<string, string>>;
}

/** The answers that a test has, and the built-in variables that it gives or that are always the same in tests. */
export function completedSources(test: SchemaTest, config: Config, schema: SchemaFile): TestSources {
  const { host, api_endpoints: endpoints } = config.scicat;
  const keyOf = (written: string): string => decoded(completeUrl(written, host, endpoints));
  const answers = new Map(test.answers.map(({ url, answer }) => [keyOf(url), answer]));
  const catalogue: CatalogueReader = {
    get: (written) => {
      const answer = answers.get(keyOf(written));
      if (answer) return Promise.resolve({ url: completeUrl(written, host, endpoints), answer });
      return Promise.reject(new NotKnown(`The test has no answer for “${written}” under “scicat”.`));
    },
  };
  const dataFile = test.builtIns['data_file_path'] ?? portablePath(test.sample);
  const builtIns = { ...builtInValues(factsOfTest(dataFile, config, schema)), ...test.builtIns };
  return { catalogue, builtIns };
}

/** The sample's path without what leads up to the folder that it is in: `../data/run.nxs` is `/data/run.nxs`. */
function portablePath(sample: string): string {
  return `/${sample.replaceAll('\\', '/').replace(/^(?:\.{0,2}\/)+/, '')}`;
}

/** A filter may be written with or without percent signs, in the schema and in the test. */
function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
