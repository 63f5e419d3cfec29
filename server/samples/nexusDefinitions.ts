import path from 'node:path';
import { fileState, readText } from '../../core/files/host/host.ts';
import { budget } from '../../core/limits/budget.ts';
import { readDefinition } from '../../core/nexus/definition.ts';
import type { DefinedItem, NexusDefinition } from '../../core/nexus/definition.ts';

/** Where a copy of the definitions has the files of the classes; they may also lie in the folder itself. */
const folders = ['base_classes', 'applications', 'contributed_definitions', ''];
/** Classes that one takes over from another, over so many. */
const mostExtended = 8;

/** Asks what the definitions say of a class, and of an item of it. */
export interface AskDefinitions {
  readonly ofClass: (name: string) => Promise<NexusDefinition | undefined>;
  readonly ofItem: (className: string, name: string) => Promise<DefinedItem | undefined>;
}

/** The NeXus class definitions in a folder that a person has pointed at; each is read when it is first asked for. */
export class NexusDefinitions {
  readonly #read = new Map<string, Promise<NexusDefinition | undefined>>();

  /** @param folder absolute path */
  in(folder: string): AskDefinitions {
    const ofClass = (name: string): Promise<NexusDefinition | undefined> => {
      // The name comes from a file of others.
      if (!/^NX\w{1,100}$/.test(name)) return Promise.resolve(undefined);
      const key = path.join(folder, name);
      const known = this.#read.get(key) ?? read(folder, name);
      this.#read.set(key, known);
      return known;
    };
    return {
      ofClass,
      ofItem: async (className, name) => {
        let found = await ofClass(className);
        for (let times = 0; found && times < mostExtended; times++) {
          const item = found.items.find((each) => each.name === name);
          if (item) return item;
          found = found.extends === undefined ? undefined : await ofClass(found.extends);
        }
        return undefined;
      },
    };
  }

  /** Another copy may lie there now. */
  forget(): void {
    this.#read.clear();
  }
}

async function read(folder: string, name: string): Promise<NexusDefinition | undefined> {
  for (const inner of folders) {
    const file = path.join(folder, inner, `${name}.nxdl.xml`);
    try {
      const { size } = await fileState(file);
      if (size <= budget.textFile) return readDefinition(await readText(file));
    } catch {
      // It is not there, or not readable: nothing is said of the class.
    }
  }
  return undefined;
}
