import { dialectNamed } from '../../core/imsc/language/dialects.ts';
import type { DialectName } from '../../core/imsc/language/dialects.ts';
import type { ServerContext } from '../context.ts';

/** The dialect that a person has chosen for a schema, by a setting or in the configuration; its own comment comes first. */
export async function configuredDialect(server: ServerContext, uri: string): Promise<DialectName | undefined> {
  const { dialect } = await server.settings.of(uri);
  if (dialect !== undefined) return dialect;
  const config = await server.configs.of(uri);
  return config && dialectNamed(config.ingestion.schemas_dialect);
}
