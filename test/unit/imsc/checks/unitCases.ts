import type { CheckCase } from './checkCases.ts';

/** An item of the metadata with a unit; what stands in the text of the other notation too is written plainly. */
const item = (unit: string, name = 'x', type = 'float'): string =>
  `schema:\n  f: {field_type: scientific_metadata, machine_name: ${name}, value: ${type.endsWith(']') ? "['1', '2']" : "'1'"}, type: '${type}', unit: ${unit}}`;
const read = (unit: string, name = 'x'): string =>
  `variables:\n  a: {source: NXS, path: /entry/${name}, value_type: float, unit: ${unit}}`;

/** A variable with a unit, and another that converts it. */
const converted = (unit: string, to: string, operator = 'convert_unit'): string =>
  `variables:\n  a: {source: NXS, path: /entry/a, value_type: float, unit: ${unit === '' ? "''" : unit}}\n  b: {source: VALUE, operator: ${operator}, to: ${to}, value: <a>, value_type: float}`;

const known = [
  'mm', 'K', 'degC', 'um', 'us', 'Å', 'angstrom', '1/angstrom', 'angstrom^-1', 'm/s', 'meV', 'deg', 'rad', 'Hz', 'bar',
  'uAh', 'cm^2', '1/s', 'A', 'mA', 'T', 'sec', 'hr',
]; // prettier-ignore

/** Units as SciCat reads them: each row of the tables, and the neighbours that must stay quiet. */
export const unitCases: readonly CheckCase[] = [
  ...known.map((unit): CheckCase => ({ name: `the unit ${unit}`, yaml: item(`'${unit}'`) })),
  ...[
    ['µs', 'us'], ['μm', 'um'], ['°C', 'degC'], ['℃', 'degC'], ['deg_C', 'degC'], ['Celsius', 'degC'], ['Kelvin', 'K'],
    ['°', 'deg'], ['AA', 'angstrom'], ['Angstrom', 'angstrom'], ['Ångström', 'angstrom'], ['Å⁻¹', 'Å^-1'], ['m²', 'm^2'],
    ['s⁻¹', 's^-1'], ['s-1', 's^-1'], ['A-1', 'angstrom^-1'], ['cm**2', 'cm^2'], ['m.s-1', 'm*s^-1'], ['m·s', 'm*s'],
    ['Torr', 'torr'], ['Ω', 'ohm'], ['Ohm', 'ohm'], ['HZ', 'Hz'], ['khz', 'kHz'], ['usec', 'us'], ['d', 'day'],
    ['microns', 'um'], ['[mm]', 'mm'],
  ].map(([unit = '', instead = '']): CheckCase => ({
    name: `${unit}, which SciCat knows as ${instead}`,
    code: 'unit-unknown',
    yaml: item(`⟦'${unit}'⟧`),
    fixed: item(`'${instead}'`),
  })),
  ...['counts', 'a.u.', 'u', 'dimensionless', 'barn', 'pixels', '%', '1'].map((unit): CheckCase => ({
    name: `the unit ${unit}, which SciCat does not know`,
    code: 'unit-unknown',
    yaml: item(`⟦'${unit}'⟧`),
  })),
  ...[
    ['C', 'degC'], ['C/min', 'degC/min'], ['deg C', 'degC'], ['degrees F', 'degF'], ['F', 'degF'], ['1/A', '1/angstrom'],
    ['A^-1', 'angstrom^-1'], ['A^-2', 'angstrom^-2'], ['gr', 'g'],
  ].map(([unit = '', instead = '']): CheckCase => ({
    name: `${unit}, which SciCat takes for another`,
    code: 'unit-misread',
    yaml: item(`⟦'${unit}'⟧`),
    fixed: item(`'${instead}'`),
  })),
  ...['b', 'ch', 'cp', 'pt', '10 mm', '1e-6 m', '100ns'].map((unit): CheckCase => ({
    name: `${unit}, which SciCat takes for another, without a way out`,
    code: 'unit-misread',
    yaml: item(`⟦'${unit}'⟧`),
  })),
  {
    name: 'N/A, which SciCat takes for newtons by amperes',
    code: 'unit-misread',
    yaml: item("⟦'N/A'⟧"),
    fixed: item("''").replace(", unit: ''", ''),
  },
  ...[
    ['C', 'proton_charge'], ['F', 'capacitance'], ['1/A', 'gain_per_current'], ['b', 'event_bits'],
  ].map(([unit = '', name = '']): CheckCase => ({ name: `${unit} of ${name}`, yaml: item(`'${unit}'`, name) })),
  { name: 'one of a unit', yaml: item("'1 mm'") },
  { name: 'a unit of a text', yaml: item("'ISO8601'", 'x', 'string') },
  { name: 'an empty unit', yaml: item("''") },
  { name: 'a blank unit', yaml: item("' '") },
  { name: 'a unit of a variable', code: 'unit-unknown', yaml: read("⟦'µm'⟧"), fixed: read("'um'") },
  { name: 'a unit of a variable, misread', code: 'unit-misread', yaml: read("⟦'C'⟧"), fixed: read("'degC'") },
  { name: 'a unit that is converted', yaml: converted('mm', 'm'), dialect: 'imsc' },
  { name: 'a unit that is converted, in another spelling', code: 'unit-unknown', yaml: converted("⟦'µm'⟧", 'm'), dialect: 'imsc' },
  { name: 'a unit that is converted and that only the file knows', yaml: converted('', 'm'), dialect: 'imsc' },
  { name: 'convert_unit for an ingestor that has none', code: 'other-dialect', yaml: converted('mm', 'm', '⟦convert_unit⟧') },
  { name: 'a unit of another dimension', code: 'operator-value', yaml: converted('mm', 's', '⟦convert_unit⟧'), dialect: 'imsc' },
  { name: 'a unit to convert into that nobody knows', code: 'operator-value', yaml: converted('mm', '⟦counts⟧'), dialect: 'imsc' },
  { name: 'a unit to convert into that is misread', code: 'unit-misread', yaml: converted('uAh', "⟦'C'⟧"), dialect: 'imsc' },
  { name: 'a unit to convert into that is no text', code: 'operator-value', yaml: converted('mm', '⟦5⟧'), dialect: 'imsc' },
  {
    name: 'no unit to convert into',
    code: 'missing-argument',
    yaml: converted('mm', 'm', '⟦convert_unit⟧').replace(', to: m', ''),
    dialect: 'imsc',
  },
  {
    name: 'a constant, which has no unit',
    code: 'operator-value',
    yaml: "variables:\n  a: {source: VALUE, value: '1', value_type: float}\n  b: {source: VALUE, operator: ⟦convert_unit⟧, to: m, value: <a>, value_type: float}",
    dialect: 'imsc',
  },
  {
    name: 'the unit of what was converted',
    code: 'unit-contradiction',
    yaml: `${converted('mm', 'm')}\nschema:\n  f: {field_type: scientific_metadata, machine_name: f, value: <b>, type: float, unit: ⟦mm⟧}`,
    dialect: 'imsc',
  },
  { name: 'to for another operator', code: 'unused-argument', yaml: converted('mm', 'm', 'round').replace('to:', '⟦to⟧:'), dialect: 'imsc' },
  { name: 'a unit of a variable whose path says what it is', yaml: read("'C'", 'proton_charge') },
  { name: 'units of lists', code: 'unit-unknown', yaml: item("⟦'µm'⟧", 'x', 'float[]'), fixed: item("'um'", 'x', 'float[]') },
  {
    name: 'two spellings of a unit',
    code: 'unit-unknown',
    yaml: "variables:\n  a: {source: NXS, path: /a, value_type: float, unit: ⟦'µm'⟧}\nschema:\n  f: {field_type: scientific_metadata, machine_name: a, value: <a>, type: float, unit: um}",
  },
]; // prettier-ignore
