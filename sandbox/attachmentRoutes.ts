import { randomUUID } from 'node:crypto';
import { mayAttach, mayRead } from './accounts.ts';
import { jsonResponse, refusal } from './answers.ts';
import { readable } from './datasetRoutes.ts';
import { readFilter, select } from './filter.ts';
import type { App, SandboxState } from './state.ts';
import { authorship, objectBody, requireAdmin, requireCreator } from './state.ts';

/** Pictures of datasets: below their dataset in v3, a collection of their own in v4. */
export function addAttachmentRoutes(app: App, state: SandboxState): void {
  const { attachments, datasets } = state.store;
  const nested = '/api/v3/datasets/:pid/attachments';
  app.get(nested, (context) => {
    const pid = readable(context, state, 'v3')['_id'];
    return jsonResponse(
      200,
      attachments.all.filter(({ datasetId }) => datasetId === pid),
    );
  });
  app.post(nested, async (context) => {
    const asker = requireCreator(context);
    const body = await objectBody(context, state);
    const pid = context.req.param('pid');
    const dataset = datasets.get(pid);
    if (!dataset) throw refusal(404, `dataset: ${pid} not found`);
    if (!mayAttach(asker, dataset, 'v3')) throw refusal(403, 'Unauthorized access');
    const faults = textFaults(body, ['ownerGroup', 'caption']);
    if (faults.length > 0) throw refusal(400, faults);
    const id = randomUUID();
    const attachment = { ...authorship(asker), accessGroups: [], ...body, datasetId: pid, id, aid: id, _id: id };
    await attachments.put(id, attachment);
    return jsonResponse(201, attachment);
  });
  app.get('/api/v4/attachments', (context) => {
    const filter = readFilter(context.req.query('filter'));
    const visible = attachments.all.filter((attachment) => mayRead(context.get('asker'), attachment));
    return jsonResponse(200, select(visible, filter, filter.where, 10));
  });
  app.post('/api/v4/attachments', async (context) => {
    const asker = requireAdmin(context);
    const body = await objectBody(context, state);
    const faults = textFaults(body, ['ownerGroup', 'caption']);
    if (faults.length > 0) throw refusal(400, faults);
    const id = typeof body['aid'] === 'string' ? body['aid'] : randomUUID();
    const attachment = { ...authorship(asker), accessGroups: [], isPublished: false, ...body, aid: id, _id: id };
    await attachments.put(id, attachment);
    return jsonResponse(201, attachment);
  });
}

function textFaults(body: Readonly<Record<string, unknown>>, names: readonly string[]): string[] {
  return names.filter((name) => typeof body[name] !== 'string').map((name) => `${name} must be a string`);
}
