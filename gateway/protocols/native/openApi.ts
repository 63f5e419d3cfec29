import type { Described } from './described.ts';
import { apiRoutes } from './routes.ts';
import { schemas } from './schemas.ts';

/** Changes when clients must. */
const apiVersion = '1';

/** The description of the API (OpenAPI 3.1), made from its routes. */
export function openApi(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of apiRoutes) {
    const { path, method, summary, query = [], answers, gives, answersIn = 'application/json' } = route;
    const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
    const entry = (paths[path.replace(/:(\w+)/g, '{$1}')] ??= {});
    const requestBody = bodyOf(route);
    entry[method.toLowerCase()] = {
      summary,
      parameters: [
        ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
        ...query.map(([name, description]) => ({ name, in: 'query', description, schema: { type: 'string' } })),
      ],
      ...(requestBody && { requestBody }),
      responses: Object.fromEntries(
        Object.entries(answers).map(([status, description]) => {
          const name = Number(status) < 300 ? gives : 'Refusal';
          const type = Number(status) < 300 ? answersIn : 'application/json';
          const schema = name && { $ref: `#/components/schemas/${name}` };
          return [status, { description, ...(schema && { content: { [type]: { schema } } }) }];
        }),
      ),
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Ingest service of imsc', version: apiVersion },
    paths,
    components: { schemas },
  };
}

function bodyOf({ body, required = [], takes }: Described): object | undefined {
  const fields = body && {
    type: 'object',
    properties: Object.fromEntries(body.map(([name, type, description]) => [name, { type, description }])),
    ...(required.length > 0 && { required }),
  };
  const content = {
    ...(fields && { 'application/json': { schema: fields } }),
    ...(takes === 'form' && {
      'multipart/form-data': {
        schema: {
          type: 'object',
          properties: {
            job: { ...fields, description: 'the same in JSON' },
            file: { type: 'array', items: { type: 'string', contentMediaType: 'application/octet-stream' } },
          },
          required: ['file'],
        },
      },
    }),
    ...(takes === 'bytes' && { 'application/octet-stream': {} }),
  };
  return Object.keys(content).length === 0 ? undefined : { required: true, content };
}
