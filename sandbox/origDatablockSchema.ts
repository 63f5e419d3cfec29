import type { JsonSchema } from '../core/scicat/scicatDatasetSchema.ts';

const text = { type: 'string' };
const optionalText = { type: ['string', 'null'] };

/**
 * What SciCat takes as an origDatablock.
 * @param isNested posted below its dataset, without repeating whose it is
 * @param fileMetadata files may carry metadata, of which the default configuration of SciCat allows none
 */
export function origDatablockSchema(isNested: boolean, fileMetadata: boolean): JsonSchema {
  const ofDataset = {
    datasetId: text,
    ownerGroup: optionalText,
    accessGroups: { type: ['array', 'string', 'null'], items: text },
    instrumentGroup: optionalText,
  };
  return {
    type: 'object',
    properties: {
      ...(!isNested && ofDataset),
      size: { type: 'integer' },
      chkAlg: { ...optionalText, minLength: 1 },
      dataFileList: { type: 'array', minItems: 1, items: dataFileSchema(fileMetadata) },
      isPublished: { type: ['boolean', 'null'] },
    },
    required: [...(isNested ? [] : ['datasetId']), 'size', 'dataFileList'],
    additionalProperties: false,
  };
}

function dataFileSchema(metadata: boolean): JsonSchema {
  return {
    type: 'object',
    properties: {
      path: text,
      size: { type: 'number' },
      time: { ...text, format: 'date-time' },
      chk: optionalText,
      uid: optionalText,
      gid: optionalText,
      perm: optionalText,
      type: optionalText,
      ...(metadata && { metadata: { type: ['object', 'null'], maxProperties: 0 } }),
    },
    required: ['path', 'size', 'time'],
    additionalProperties: false,
  };
}
