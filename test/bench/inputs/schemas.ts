import { stringify } from 'yaml';
import { randomNumbers } from './random.ts';

/** A schema of so many variables and as many fields, a tenth of the variables computed; without a mistake. */
export function schemaObject(variables: number, path = (index: number): string => `/entry/log_${index}/value`): object {
  const random = randomNumbers(variables);
  const names = Array.from({ length: variables }, (_, index) => `variable_${index}`);
  const variable = (index: number): object => {
    if (index % 10 === 9) {
      const source = Math.floor(random() * index);
      const name = names[source - (source % 10 === 9 ? 1 : 0)] ?? names[0] ?? '';
      return { source: 'VALUE', value: `run <${name}> of the day`, value_type: 'string' };
    }
    return { source: 'NXS', path: path(index), value_type: index % 3 === 2 ? 'string' : 'float' };
  };
  const mandatory: readonly (readonly [name: string, value: string])[] = [
    ['pid', '<pid_text>'],
    ['type', 'raw'],
    ['datasetName', 'A measurement'],
    ['principalInvestigator', 'Ada Example'],
    ['owner', 'Ada Example'],
    ['ownerEmail', 'ada@example.org'],
    ['contactEmail', 'ada@example.org'],
    ['sourceFolder', '/data'],
    ['creationLocation', 'Somewhere'],
    ['creationTime', '<now>'],
    ['ownerGroup', 'ess'],
    ['instrumentId', 'coda'],
    ['proposalId', '443503'],
  ];
  return {
    order: 10,
    id: '0b8e2c5a-9d4f-4a3e-8f16-5f2d7a6c1e90',
    name: 'Bench',
    instrument: 'bench',
    selector: 'filename:contains:bench',
    variables: {
      pid_text: { source: 'VALUE', value: '20.500.12269/<ingestor_run_id>', value_type: 'string' },
      ...Object.fromEntries(names.map((name, index) => [name, variable(index)])),
    },
    schema: {
      ...Object.fromEntries(
        mandatory.map(([name, value]) => [
          name,
          { field_type: 'high_level', machine_name: name, value, type: name === 'creationTime' ? 'date' : 'string' },
        ]),
      ),
      ...Object.fromEntries(
        names.map((name, index) => [
          `field_${index}`,
          {
            field_type: 'scientific_metadata',
            machine_name: `field_${index}`,
            human_name: `Field number ${index}`,
            value: `<${name}>`,
            type: index % 10 === 9 || index % 3 === 2 ? 'string' : 'float',
          },
        ]),
      ),
    },
  };
}

export function jsonSchemaText(variables: number): string {
  return `${JSON.stringify(schemaObject(variables), null, 2)}\n`;
}

export function yamlSchemaText(variables: number): string {
  return stringify(schemaObject(variables), { lineWidth: 0 });
}
