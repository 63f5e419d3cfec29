import { suggestion } from '../../../core/problems/suggestion.ts';
import { isJsonObject } from '../../../core/scicat/json.ts';
import type { JsonObject } from '../../../core/scicat/json.ts';
import { differenceUnseen } from '../../../core/text/alike.ts';
import { HttpRefusal } from '../../http/refusal.ts';
import type { Member } from './described.ts';

/** What a member of a type looks like, as its refusal says it. */
const typeWords: Readonly<Record<Member[1], string>> = {
  string: 'a text',
  boolean: 'true or false',
  object: 'an object',
};

/**
 * The body, if it has nothing but these members. One that is not known may be a misspelt `dryRun`, and what was to be
 * tried would be ingested.
 * @throws HttpRefusal 400
 */
export function withMembers(body: JsonObject, members: readonly Member[]): JsonObject {
  for (const [name, value] of Object.entries(body)) {
    const member = members.find(([known]) => known === name);
    if (!member) throw new HttpRefusal(400, unknownMember(name, members));
    const [, type] = member;
    const isSo = type === 'object' ? isJsonObject(value) : typeof value === type;
    if (value !== null && !isSo) throw new HttpRefusal(400, `${name} must be ${typeWords[type]}.`);
  }
  return body;
}

function unknownMember(name: string, members: readonly Member[]): string {
  const names = members.map(([known]) => known);
  const near = suggestion(name, names);
  const hint =
    near === undefined ? ` There are ${names.join(', ')}.` : ` Did you mean ${near}${differenceUnseen(name, near)}?`;
  return `“${name}” is not known here.${hint}`;
}
