import { pickOne } from '../dialogs.ts';
import { textAt } from '../json.ts';
import type { Services } from '../services.ts';
import type { Connection } from './connections.ts';

/**
 * The connection that an item of the view or a caller names, by name or by address alone; without either the person
 * picks one.
 * @returns 'none' where there is none to pick; undefined if the person gives up
 */
export async function chosenConnection(
  { connections }: Services,
  title: string,
  from: unknown,
): Promise<Connection | 'none' | undefined> {
  const name = textAt(from, 'name');
  const address = textAt(from, 'address');
  const { all } = connections;
  const named =
    name !== undefined ? connections.named(name) : address !== undefined ? connections.at(address) : undefined;
  if (named) return named;
  // The address of the configuration file is not a connection of the settings.
  if (address !== undefined && URL.canParse(address)) return { name: new URL(address).host, address };
  const configured = all.filter(({ isSandbox, kind }) => !isSandbox && kind !== 'service');
  if (configured.length === 0) return 'none';
  if (configured.length === 1) return configured[0];
  const items = configured.map((connection) => ({
    label: connection.name,
    description: connection.address,
    connection,
  }));
  return (await pickOne(items, { title }))?.connection;
}
