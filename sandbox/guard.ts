import type { IncomingHttpHeaders } from 'node:http';
import { isOwnOrigin } from '../core/http/ownAddress.ts';
import { jsonResponse } from './answers.ts';

/**
 * The refusal for whoever calls a server of this computer by another name, or from a web page of another place: a name
 * of somebody else can be made to lead here, and its pages would then read and write what the server holds.
 * @param port of the server itself
 */
export function refuseStrangers({ host, origin }: IncomingHttpHeaders, port: number): Response | undefined {
  // Any port: a proxy of this computer passes on the one that it was asked at, and names are what can be made to lead here.
  if (host === undefined || !isOwnOrigin(`http://${host}`)) {
    return jsonResponse(421, forbidden(`The sandbox is http://127.0.0.1:${port}; it answers under no other name.`));
  }
  if (origin !== undefined && !isOwnOrigin(origin, port)) {
    return jsonResponse(403, forbidden('The sandbox answers no web pages but its own.'));
  }
  return undefined;
}

function forbidden(message: string): { message: string; error: string } {
  return { message, error: 'Forbidden' };
}
