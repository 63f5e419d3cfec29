import type { CancellationToken, ResponseError } from 'vscode-languageserver';
import { onClientRequest } from './context.ts';
import type { ServerContext } from './context.ts';
import * as protocol from './protocol.ts';
import type { ClientRequest } from './protocol.ts';
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
import { sampleState } from './requests/sample.ts';
import { variableFromPath } from './requests/variableFromPath.ts';

/** A request that is no part of the language server protocol, with who answers it. */
interface OwnRequest {
  readonly method: string;
  readonly register: (server: ServerContext) => void;
}

function own<Parameters, Result>(
  request: ClientRequest<Parameters, Result>,
  answer: (
    server: ServerContext,
  ) => (parameters: Parameters, token: CancellationToken) => Result | ResponseError | Promise<Result | ResponseError>,
): OwnRequest {
  return {
    method: request.method,
    register: (server) => {
      onClientRequest(server, request, answer(server));
    },
  };
}

/** The requests of our own, beside the features of the protocol (features.ts). A new one is a new entry. */
export const requests: readonly OwnRequest[] = [
  own(protocol.sample, sampleState),
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
];

export function registerRequests(server: ServerContext): void {
  for (const { register } of requests) register(server);
}
