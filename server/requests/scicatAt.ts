import type { ResponseError } from 'vscode-languageserver';
import { loadConfig } from '../../core/config/config.ts';
import { connect } from '../../core/ingest/sources/connect.ts';
import type { ScicatClient } from '../../core/scicat/client.ts';
import { refused } from '../context.ts';
import type { ServerContext } from '../context.ts';

/** The SciCat at an address, which is asked once; why it is not asked, where that is so. */
export function scicatAt(
  { samples }: ServerContext,
  address: string,
  token: string | undefined,
  signal: AbortSignal,
): { readonly client: ScicatClient } | { readonly refusal: ResponseError } {
  if (!samples.trusted) return { refusal: refused('The workspace is not trusted, so SciCat is not asked.') };
  if (!URL.canParse(address)) return { refusal: refused(`“${address}” is not an address of a SciCat.`) };
  const { config } = loadConfig({
    overrides: {
      'scicat.host': address,
      'scicat.max_tries': 1,
      ...(token !== undefined && { 'scicat.token': token }),
    },
  });
  return { client: connect(config.scicat, { signal }) };
}
