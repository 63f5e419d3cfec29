import { createRequire } from 'node:module';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type * as json from 'vscode-json-languageservice';
import type * as yaml from 'yaml-language-server';

/** Parses and validates a text, as an editor has it done after each keystroke. Returns the number of mistakes. */
export type Validate = (text: string) => Promise<number>;

interface Services {
  readonly json: Validate;
  readonly yaml: Validate;
}

/** The two stock language services with a JSON Schema; undefined where they are not installed. */
export function languageServices(root: string, schema: object): Services | undefined {
  const load = createRequire(`${root}/package.json`);
  let jsonModule: typeof json;
  let yamlModule: typeof yaml;
  try {
    jsonModule = load('vscode-json-languageservice') as typeof json;
    yamlModule = load('yaml-language-server') as typeof yaml;
  } catch {
    return undefined;
  }
  const uri = 'bench://schema';
  const jsonService = jsonModule.getLanguageService({});
  jsonService.configure({ schemas: [{ uri, fileMatch: ['*'], schema }] });
  const yamlService = yamlModule.getLanguageService({
    schemaRequestService: () => Promise.reject(new Error('nothing is fetched')),
    workspaceContext: { resolveRelativePath: (path) => path },
  });
  yamlService.configure({ validate: true, customTags: [], schemas: [{ uri, fileMatch: ['*'], schema }] });
  let version = 0;
  const document = (name: string, text: string): TextDocument =>
    TextDocument.create(`file:///${name}`, name.slice(name.indexOf('.') + 1), ++version, text);
  return {
    async json(text) {
      const opened = document('bench.json', text);
      return (await jsonService.doValidation(opened, jsonService.parseJSONDocument(opened))).length;
    },
    async yaml(text) {
      return (await yamlService.doValidation(document('bench.yaml', text), false)).length;
    },
  };
}
