/** A small schema without any problem; tests put their own parts into it. */
export function schemaText({ head = '', variables = '', fields = '' } = {}): string {
  return `${head}order: 1
id: 0ab5cd4e-9d3f-4c4e-b0f7-5a1cb1a0a001
name: test schema
instrument: coda
selector: filename:contains:/coda/
variables:
  job_id:
    source: VALUE
    value: <ingestor_run_id>
    value_type: string
${indent(variables, 2)}schema:
  pid:
    field_type: high_level
    machine_name: pid
    value: <job_id>
    type: string
${indent(fields, 2)}`;
}

function indent(text: string, by: number): string {
  return text
    .replace(/^\n/, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `${' '.repeat(by)}${line}\n`)
    .join('');
}
