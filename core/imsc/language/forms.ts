import type { RegistryEntry } from './registry.ts';

/** A way to write something that not every ingestor understands, besides the words of the tables. */
export interface Form extends RegistryEntry {
  /** What another program does with it, as a part of a sentence. */
  readonly elsewhere: string;
  readonly example: string;
}

export const forms = {
  attribute: {
    name: 'path of an attribute',
    aliases: [],
    knownTo: [],
    summary: 'an attribute of a group or a dataset as the value',
    explanation:
      'Behind the path an `@` and the name of the attribute; `/@creator` is one of the file itself. A dataset of just this name comes first. It has no unit but that of the schema.',
    elsewhere: 'others find no such path',
    example: 'signal:\n  source: NXS\n  path: /entry/data@signal\n  value_type: string',
  },
  className: {
    name: 'path by class',
    aliases: [],
    knownTo: [],
    summary: 'groups found by their NeXus class, whatever they are called',
    explanation:
      'A component `:NXclass` stands for each group of that class. With `value_type: string[]` there is one text for each that is found; otherwise the first is taken, and a note says of how many.',
    elsewhere: 'others find no such path',
    example: 'detector:\n  source: NXS\n  path: /entry/:NXinstrument/:NXdetector/local_name\n  value_type: string',
  },
  paths: {
    name: 'list of paths',
    aliases: [],
    knownTo: ['ill'],
    summary: 'several paths, of which the first that is there is read',
    explanation:
      'For what lies in different places in different files. A path that is there and cannot be read is a failure.',
    elsewhere: 'others have no value for it',
    example: 'title:\n  source: NXS\n  path: [/entry0/title, /entry0/experimentTitle]\n  value_type: string',
  },
  nested: {
    name: 'nested value',
    aliases: [],
    knownTo: ['ill'],
    summary: 'a list or an object inside of a value',
    explanation:
      'In the dialects `ill` and `imsc` a value may hold lists and objects to any depth; texts in them are templates, and numbers stay numbers. For the Python ingestor the whole value fails.',
    elsewhere: 'others leave the whole value out',
    example: 'value:\n  theta:\n    value: <theta>\n    unit: deg',
  },
} as const satisfies Record<string, Form>;
