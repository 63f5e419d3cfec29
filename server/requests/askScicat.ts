import type { CancellationToken, ResponseError } from 'vscode-languageserver';
import { sourceNamed } from '../../core/imsc/language/sources.ts';
import { connect } from '../../core/ingest/sources/connect.ts';
import { catalogueReader } from '../../core/ingest/sources/catalogueReader.ts';
import { loadConfig } from '../../core/config/config.ts';
import { cancelled, refused, signalOf, wholeSchema } from '../context.ts';
import type { ServerContext } from '../context.ts';
import type { AskScicatParameters, AskScicatResult } from '../protocol.ts';

/** Asks SciCat for what the open schema takes from there. */
export function askScicat(server: ServerContext) {
  return async (
    { uri, address, token: secret }: AskScicatParameters,
    token: CancellationToken,
  ): Promise<AskScicatResult | ResponseError> => {
    const snapshot = await wholeSchema(server, uri);
    if (!snapshot) return refused('The schema is not open.');
    if (!server.samples.trusted) return refused('The workspace is not trusted, so SciCat is not asked.');
    if (!URL.canParse(address)) return refused(`“${address}” is not an address of a SciCat.`);
    const { config } = loadConfig({
      overrides: { 'scicat.host': address, ...(secret !== undefined && { 'scicat.token': secret }) },
    });
    const signal = signalOf(token);
    try {
      const reader = catalogueReader(connect(config.scicat, { signal }), config.scicat);
      const { variables } = await server.evaluations.ask(snapshot, reader, signal);
      const asked = [...variables.values()].filter(
        ({ variable }) => variable?.source && sourceNamed(variable.source).asks === 'catalogue',
      );
      server.valuesChanged(uri);
      return {
        known: asked.filter(({ outcome }) => outcome.state === 'known').length,
        failed: asked.flatMap(({ name, outcome }) =>
          outcome.state === 'failed' ? [{ name, message: outcome.message }] : [],
        ),
      };
    } catch (error) {
      if (signal.aborted) return cancelled();
      throw error;
    }
  };
}
