import { jobKeys } from '../language/schemaKeys.ts';
import { lookup } from '../language/registry.ts';
import { keyText } from '../tree/tree.ts';
import type { MapEntry } from '../tree/tree.ts';
import type { FieldAssignment, Keys } from './schema.ts';

/** The jobs that a schema asks SciCat for, as entries with keys; those that are no maps are left out. */
export function jobsIn(general: Keys): readonly FieldAssignment[] {
  const section = general.get('jobs')?.value;
  if (section?.kind !== 'map') return [];
  return section.entries.flatMap((entry): FieldAssignment[] => {
    if (entry.value?.kind !== 'map') return [];
    const keys = new Map<string, MapEntry>();
    for (const each of entry.value.entries) {
      const known = lookup(jobKeys, keyText(each));
      if (known) keys.set(known.name, each);
    }
    return [{ label: keyText(entry), entry, keys, fieldType: undefined, machineName: undefined, type: undefined }];
  });
}

/** What only jobs may refer to besides the variables: the pid that the dataset has in SciCat. */
export const finalPid = 'pid';
