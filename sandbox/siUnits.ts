import { isJsonObject, isList } from '../core/scicat/json.ts';
import type { JsonObject } from '../core/scicat/json.ts';
import { siQuantity } from '../core/units/siQuantity.ts';

/**
 * Scientific metadata with `valueSI` and `unitSI` beside each value with a unit, as SciCat adds them
 * (`appendSIUnitToPhysicalQuantity` of its backend): the last key that begins with `u` is taken for the unit, the last
 * one with `v` for the value, whatever they are.
 */
export function withSiUnits(metadata: JsonObject | readonly unknown[]): JsonObject {
  return Object.fromEntries(Object.entries(metadata).map(([key, item]) => [key, withSiUnit(item)]));
}

function withSiUnit(item: unknown): unknown {
  if (!isJsonObject(item)) return item;
  const unit = lastOf(item, 'u');
  const value = lastOf(item, 'v');
  const isGiven = (typeof unit === 'string' || isList(unit)) && unit.length > 0;
  if (value !== undefined && isGiven) {
    const found = typeof unit === 'string' ? siQuantity(value, unit) : undefined;
    return { ...item, ...(found ?? { valueSI: value, unitSI: unit }) };
  }
  const hasUnit = ['unit', 'u'].some((key) => item[key] === '' || Boolean(item[key]));
  return hasUnit ? item : withSiUnits(item);
}

function lastOf(item: JsonObject, letter: string): unknown {
  const key = Object.keys(item).findLast((name) => name.startsWith(letter) && !name.endsWith('SI'));
  return key === undefined ? undefined : item[key];
}
