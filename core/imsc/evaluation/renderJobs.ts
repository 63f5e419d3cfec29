import { finalPid, jobsIn } from '../schema/jobRecipes.ts';
import { scalarText } from '../schema/schema.ts';
import type { FieldAssignment } from '../schema/schema.ts';
import { renderText, TemplateError } from '../schema/template.ts';
import type { Names } from '../schema/template.ts';
import { entries } from '../tree/tree.ts';
import type { Node } from '../tree/tree.ts';
import type { TextRange } from '../../problems/problem.ts';
import { jsonScalarText } from '../values/jsonText.ts';
import { pythonText } from '../values/pythonText.ts';
import { TooLarge } from '../values/valueBudget.ts';
import { dict, list, string } from '../values/values.ts';
import type { DictEntry, Quantity, Value } from '../values/values.ts';
import type { Evaluation } from './evaluation.ts';

/** A job of SciCat's that a schema asks for, filled in. */
export interface RenderedJob {
  readonly type: string;
  /** Lists and objects to any depth; units are left out. */
  readonly parameters: Value;
  readonly ownerUser: string;
  readonly ownerGroup: string;
  readonly contactEmail: string;
}

/** `name` is its key in the schema, and `range` where that stands. */
export type JobOutcome = { readonly name: string; readonly range: TextRange } & (
  { readonly state: 'known'; readonly job: RenderedJob } | { readonly state: 'failed'; readonly message: string }
);

/**
 * The jobs of a schema, filled in as the next Python ingestor does (#243): keys and values of the parameters to any
 * depth, numbers as their text. `type` is no template.
 * @param pid of the dataset as it is in SciCat, which `<pid>` stands for there whatever the variable of that name says
 */
export function renderJobs({ schema, variables }: Evaluation, pid: string): readonly JobOutcome[] {
  const known: Names = {
    get: (name): Quantity | undefined => {
      if (name === finalPid) return { value: string(pid), unit: '' };
      const outcome = variables.get(name)?.outcome;
      return outcome?.state === 'known' ? outcome : undefined;
    },
  };
  return jobsIn(schema.general).map((job) => rendered(job, known));
}

function rendered(recipe: FieldAssignment, known: Names): JobOutcome {
  const { label: name, keys, entry } = recipe;
  const { range } = entry.key;
  const node = (key: string): Node | undefined => keys.get(key)?.value;
  try {
    const text = (key: string): string => {
      const value = node(key);
      return value ? pythonText(valueOf(value, known)) : '';
    };
    const params = node('job_params');
    return {
      state: 'known',
      name,
      range,
      job: {
        type: scalarText(node('type')) ?? '',
        parameters: params ? valueOf(params, known) : dict([]),
        ownerUser: text('owner_user'),
        ownerGroup: text('owner_group'),
        contactEmail: text('contact_email'),
      },
    };
  } catch (error) {
    if (!(error instanceof TemplateError) && !(error instanceof TooLarge)) throw error;
    return { state: 'failed', name, range, message: error.message };
  }
}

/** @throws TemplateError, TooLarge */
function valueOf(node: Node, known: Names): Value {
  if (node.kind === 'list') return list(node.items.map((item) => valueOf(item, known)));
  if (node.kind === 'map') {
    return dict(
      entries(node).map(({ key, value }): DictEntry => [
        valueOf(key, known),
        value ? valueOf(value, known) : string('null'),
      ]),
    );
  }
  return node.value.kind === 'string' ? renderText(node.value.value, known).value : string(jsonScalarText(node.value));
}
