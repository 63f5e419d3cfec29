/** The last progress of a stream, as the page reads it. */
export function lastProgress(body: string): Record<string, unknown> {
  const [, data = ''] = [...body.matchAll(/event: progress\ndata: (\S+)/g)].at(-1) ?? [];
  return JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as Record<string, unknown>;
}
