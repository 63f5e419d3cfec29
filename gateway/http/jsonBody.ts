import { boundedBody } from '../../core/http/boundedBody.ts';
import { parseByContent } from '../../core/imsc/tree/parse.ts';
import { isJsonObject, jsonIn, textAt } from '../../core/scicat/json.ts';
import type { JsonObject } from '../../core/scicat/json.ts';
import { bodyOf } from './environment.ts';
import type { GatewayContext } from './environment.ts';
import { HttpRefusal } from './refusal.ts';

/** Bytes of a JSON body. */
export const mostJsonBytes = 1_000_000;

/** The JSON object that a request brings. @throws HttpRefusal 400, with the place */
export async function jsonBody(context: GatewayContext): Promise<JsonObject> {
  return jsonObject((await boundedBody(bodyOf(context), mostJsonBytes)).toString('utf8'), 'The body');
}

/** @throws HttpRefusal 400 for what is no JSON object, or says a key twice */
export function jsonObject(text: string, what: string): JsonObject {
  const found = jsonIn(text);
  if (!isJsonObject(found)) throw new HttpRefusal(400, `${what} is not a JSON object${placeOf(text)}.`);
  const twice = parseByContent(text).problems.find(({ code }) => code === 'duplicate-key');
  if (twice) throw new HttpRefusal(400, `${what}: ${twice.message}`);
  if (/"(?:__proto__|constructor|prototype)"\s*:/.test(text))
    throw new HttpRefusal(400, `${what} has a key that nobody can have.`);
  return found;
}

function placeOf(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    const at = /position (\d+)/.exec(String(error))?.[1];
    if (at === undefined) return '';
    const before = text.slice(0, Number(at)).split('\n');
    return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
  }
}

/** A member that is a text, or a number as one. */
export function textOf(body: JsonObject, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = body[name];
    if (typeof found === 'number') return String(found);
    const text = textAt(body, name);
    if (text !== undefined) return text;
  }
  return undefined;
}
