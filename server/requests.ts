import type { ServerContext } from './context.ts';
import * as protocol from './protocol.ts';
import { askChoices } from './requests/askChoices.ts';
import { askScicat } from './requests/askScicat.ts';
import { convertedSchema } from './requests/convertNotation.ts';
import { mergedSchema } from './requests/mergedSchema.ts';
import { datasetData } from './requests/dataset.ts';
import { evaluationData } from './requests/evaluation.ts';
import { expectationsOf } from './requests/expectations.ts';
import { newSchema } from './requests/newSchema.ts';
import { nexusChildren } from './requests/nexusChildren.ts';
import { nexusSearch } from './requests/nexusSearch.ts';
import { requestsOfBrowser } from './requests/ofBrowser.ts';
import { own } from './requests/own.ts';
import type { OwnRequest } from './requests/own.ts';
import { sampleState } from './requests/sample.ts';
import { selectedFiles } from './requests/selectedFiles.ts';
import { variableFromPath } from './requests/variableFromPath.ts';

/** The requests of our own, beside the features of the protocol (features.ts). A new one is a new entry. */
export const requests: readonly OwnRequest[] = [
  own(protocol.sample, sampleState),
  own(protocol.selectedFiles, selectedFiles),
  own(protocol.evaluation, evaluationData),
  own(protocol.datasetOf, datasetData),
  own(protocol.askScicat, askScicat),
  own(protocol.askChoices, askChoices),
  own(protocol.nexusChildren, nexusChildren),
  own(protocol.nexusSearch, nexusSearch),
  own(protocol.newSchema, newSchema),
  own(protocol.convertNotation, convertedSchema),
  own(protocol.mergedSchema, mergedSchema),
  own(protocol.variableFromPath, variableFromPath),
  own(protocol.expectations, expectationsOf),
  ...requestsOfBrowser,
];

export function registerRequests(server: ServerContext): void {
  for (const { register } of requests) register(server);
}
