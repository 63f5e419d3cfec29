import { operatorArgumentKeys } from '../language/operators.ts';
import type { OperatorArguments } from '../language/operators.ts';
import { isEmpty } from '../schema/schema.ts';
import type { Variable } from '../schema/schema.ts';

/** What a variable gives its operator, whichever that is; they are not templates. */
export function argumentsOf({ keys }: Pick<Variable, 'keys'>): OperatorArguments {
  return Object.fromEntries(
    operatorArgumentKeys.flatMap(({ name }) => {
      const node = keys.get(name)?.value;
      return node?.kind === 'scalar' && !isEmpty(node) ? [[name, node.value]] : [];
    }),
  );
}
