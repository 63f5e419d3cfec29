import { fieldFormats } from '../core/scicat/fieldFormats.ts';
import { emptyList, jsonResponse, Refusal, refusal } from './answers.ts';
import type { App, SandboxState } from './state.ts';
import { apiVersions } from '../core/scicat/datasetForVersion.ts';
import { objectBody } from './state.ts';

/**
 * Jobs of a SciCat without a file of job types, which knows none: every type is refused, and there are no jobs. What
 * was asked for wrongly is refused before, as there.
 */
export function addJobRoutes(app: App, state: SandboxState): void {
  for (const version of apiVersions) {
    const base = `/api/${version}/jobs`;
    app.post(base, async (context) => {
      const body = await objectBody(context, state);
      const errors = version === 'v4' ? faultsOf(body) : [];
      if (errors.length > 0) throw refusal(400, errors);
      throw new Refusal(400, { status: 400, message: `Invalid job type: ${String(body['type'])}` });
    });
    for (const path of [base, `${base}/fullquery`]) {
      app.get(path, (context) => {
        if (!context.get('asker')) throw refusal(403, 'Forbidden resource');
        return emptyList();
      });
    }
    app.get(`${base}/:id`, (context) => {
      if (!context.get('asker')) throw refusal(403, 'Forbidden resource');
      return jsonResponse(400, { status: 400, message: 'Invalid job id.' });
    });
  }
}

const jobKeys = ['type', 'jobParams', 'ownerUser', 'ownerGroup', 'contactEmail'];

function faultsOf(body: Readonly<Record<string, unknown>>): string[] {
  const unknown = Object.keys(body).filter((key) => !jobKeys.includes(key));
  const { jobParams, contactEmail } = body;
  return [
    ...unknown.map((key) => `property ${key} should not exist`),
    ...(typeof jobParams === 'object' && jobParams !== null ? [] : ['jobParams must be an object']),
    ...(contactEmail === undefined || (typeof contactEmail === 'string' && fieldFormats.email.test(contactEmail))
      ? []
      : ['contactEmail must be an email']),
  ];
}
