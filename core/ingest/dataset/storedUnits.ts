import type { FieldOutcome } from '../../imsc/evaluation/evaluation.ts';
import { plainJson } from '../../imsc/values/jsonText.ts';
import { siQuantity } from '../../units/siQuantity.ts';
import type { SiQuantity } from '../../units/siQuantity.ts';

/**
 * What SciCat will keep beside an item of the scientific metadata, converted by itself; undefined where that is the
 * same again: without a unit, with one that it does not know, and with SI units.
 */
export function storedUnits({
  fieldType,
  outcome,
}: Pick<FieldOutcome, 'fieldType' | 'outcome'>): SiQuantity | undefined {
  if (fieldType !== 'scientific_metadata' || outcome.state !== 'known' || outcome.unit === '') return undefined;
  const value = plainJson(outcome.value);
  const stored = siQuantity(value, outcome.unit);
  const isSame = stored?.unitSI === outcome.unit && JSON.stringify(stored.valueSI) === JSON.stringify(value);
  // Of what SciCat cannot compute there is nothing to tell.
  const isNumber = [stored?.valueSI].flat().every(Number.isFinite);
  return isSame || !isNumber ? undefined : stored;
}

/** In a few words: `0.0015 m`, `[0.1, 0.2] m`. */
export function quantityText({ valueSI, unitSI }: SiQuantity): string {
  return `${typeof valueSI === 'number' ? String(valueSI) : `[${valueSI.join(', ')}]`} ${unitSI}`;
}
