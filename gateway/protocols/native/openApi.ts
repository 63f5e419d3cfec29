import type { Described } from './routes.ts';

/** The description of the API (OpenAPI 3.1), made from its routes. */
export function openApi(routes: readonly Omit<Described, 'handler'>[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { path, method, summary, query = [], body, answers } of routes) {
    const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
    const entry = (paths[path.replace(/:(\w+)/g, '{$1}')] ??= {});
    entry[method.toLowerCase()] = {
      summary,
      parameters: [
        ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
        ...query.map(([name, description]) => ({ name, in: 'query', description, schema: { type: 'string' } })),
      ],
      ...(body && { requestBody: { required: true, content: { 'application/json': { schema: objectOf(body) } } } }),
      responses: Object.fromEntries(Object.entries(answers).map(([status, description]) => [status, { description }])),
    };
  }
  return { openapi: '3.1.0', info: { title: 'Ingest service of imsc', version }, paths };
}

function objectOf(members: NonNullable<Described['body']>): object {
  return {
    type: 'object',
    properties: Object.fromEntries(members.map(([name, type, description]) => [name, { type, description }])),
    required: members.filter(([name]) => name === 'path').map(([name]) => name),
  };
}
