import type { CancellationToken, ResponseError } from 'vscode-languageserver';
import { ScicatError } from '../../core/scicat/errors.ts';
import { isList, jsonIn, textAt } from '../../core/scicat/json.ts';
import { cancelled, signalOf } from '../context.ts';
import type { ServerContext } from '../context.ts';
import type { AskChoicesParameters, AskChoicesResult } from '../protocol.ts';
import type { Choice } from '../samples/knownChoices.ts';
import { scicatAt } from './scicatAt.ts';

/** Of each sort so many are offered at most, the newest first. */
const mostAsked = 200;

/** What is listed for which field: where, and under which names SciCat has its identifier and its title. */
const lists = [
  { field: 'proposalId', path: 'proposals', id: 'proposalId', title: 'title' },
  { field: 'sampleId', path: 'samples', id: 'sampleId', title: 'description' },
  { field: 'instrumentId', path: 'instruments', id: 'pid', title: 'name' },
] as const;

/** Asks SciCat what may fill the fields of a dataset. What it does not tell this account is not offered. */
export function askChoices(server: ServerContext) {
  return async (
    { address, token: secret }: AskChoicesParameters,
    token: CancellationToken,
  ): Promise<AskChoicesResult | ResponseError> => {
    const signal = signalOf(token);
    const scicat = scicatAt(server, address, secret, signal);
    if ('refusal' in scicat) return scicat.refusal;
    const { client } = scicat;
    const choices = new Map<string, readonly Choice[]>();
    const ask = async (work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof ScicatError)) throw error;
      }
    };
    await Promise.all([
      ask(async () => {
        const groups = (await client.whoami()).groups.map((value): Choice => ({ value, about: 'a group of yours' }));
        choices.set('ownerGroup', groups).set('accessGroups', groups);
      }),
      ...lists.map(({ field, path, id, title }) =>
        ask(async () => {
          const filter = encodeURIComponent(JSON.stringify({ limits: { limit: mostAsked, order: 'createdAt:desc' } }));
          const found = jsonIn((await client.get(`${address.replace(/\/+$/, '')}/${path}?filter=${filter}`)).bodyText);
          const items = isList(found) ? found : [];
          choices.set(
            field,
            items.slice(0, mostAsked).flatMap((each): Choice[] => {
              const value = textAt(each, id);
              return value === undefined ? [] : [{ value, about: textAt(each, title) ?? '' }];
            }),
          );
        }),
      ),
    ]);
    if (signal.aborted) return cancelled();
    server.choices.set(choices);
    return Object.fromEntries([...choices].map(([field, values]) => [field, values.length]));
  };
}
