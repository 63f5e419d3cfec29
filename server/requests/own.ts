import type { CancellationToken, ResponseError } from 'vscode-languageserver';
import { onClientRequest } from '../context.ts';
import type { ServerContext } from '../context.ts';
import type { ClientRequest } from '../protocol.ts';

/** A request that is no part of the language server protocol, with who answers it. */
export interface OwnRequest {
  readonly method: string;
  readonly register: (server: ServerContext) => void;
}

export function own<Parameters, Result>(
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
