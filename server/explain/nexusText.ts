import { fittingType } from '../../core/ingest/trial/sampleProblems.ts';
import { formatElements } from '../../core/nexus/inspect.ts';
import { formatShape } from '../../core/nexus/values/elementType.ts';
import { NexusError } from '../../core/nexus/model.ts';
import type { ElementType, NexusBrokenLink, NexusFile, NexusNode } from '../../core/nexus/model.ts';
import { shortened } from '../../core/text/shortened.ts';
import type { NexusChild } from '../protocol.ts';

/** Elements of a dataset that are read to show its value. */
const shownElements = 8;
const shownLength = 120;

/** A type in the words that people know from other HDF5 tools: `float64`, `string`, `uint8`. */
function typeText(type: ElementType): string {
  switch (type.kind) {
    case 'integer':
      return `${type.signed ? 'int' : 'uint'}${type.bits}`;
    case 'float':
      return `float${type.bits}`;
    case 'compound':
      return `record of ${type.fields.map(({ name }) => name).join(', ')}`;
    case 'other':
      return type.name;
    case 'string':
    case 'boolean':
    case 'enum':
      return type.kind;
  }
}

/** `scalar`, `empty`, or e.g. `[3 × 4]`. */
export function shapeText(shape: readonly number[] | null): string {
  const text = formatShape(shape);
  return shape === null || shape.length === 0 ? text : `[${text}]`;
}

/** The beginning of a dataset's value: one text as it is, everything else as JSON; undefined where it cannot be read. */
export async function valueText(file: NexusFile, path: string): Promise<string | undefined> {
  try {
    const { elements, truncated, dataset } = await file.read(path, shownElements);
    const [first] = elements;
    return dataset.shape?.length === 0 && typeof first === 'string'
      ? shortened(first, shownLength)
      : formatElements(elements, dataset.shape, dataset.type, shownLength, truncated);
  } catch (error) {
    if (error instanceof NexusError) return undefined;
    throw error;
  }
}

/** Where a link that is not followed leads, and why it is not. */
function brokenLinkText({ target, refused }: NexusBrokenLink): string {
  return refused === undefined
    ? `It is a link to ${target}, which is not there.`
    : `It is a link to ${target}, which is not followed: ${refused}`;
}

/** An object of a NeXus file as clients show it. */
export async function nexusChild(file: NexusFile, node: NexusNode): Promise<NexusChild> {
  const { path } = node;
  const name = path.slice(path.lastIndexOf('/') + 1);
  switch (node.kind) {
    case 'group':
      return { name, path, kind: 'group', ...(node.nxClass !== undefined && { nxClass: node.nxClass }) };
    case 'broken-link':
      return { name, path, kind: 'broken', message: brokenLinkText(node) };
    case 'dataset': {
      const value = await valueText(file, path);
      const valueType = fittingType(node);
      return {
        name,
        path,
        kind: 'dataset',
        type: typeText(node.type),
        shape: node.shape ?? [],
        ...(valueType !== undefined && { valueType }),
        ...(node.units !== undefined && { units: node.units }),
        ...(value !== undefined && { value }),
      };
    }
  }
}
