/** The name by which a configuration asks for the built-in fallback, as in the Python ingestor. */
const fallbackName = 'ess-fallback';

/** True for the name of the built-in fallback schema, with or without the ending of a schema file. */
export function isBuiltInFallback(name: string): boolean {
  return name.replace(/\.imsc\.(json|ya?ml)$/, '') === fallbackName;
}

/** What is recorded of a file that no schema takes: who, where, what it is called. */
export const builtInFallback = `# Built-in schema for files that no other schema takes.
id: scicat-ingestor-fallback-schema
name: Fallback for files that no schema takes
instrument: any
selector: "*"
order: 9999999999
variables:
  job_id: { source: NXS, path: /entry/entry_identifier_uuid, value_type: string }
  pid: { source: VALUE, value: 20.500.12269/<job_id>, value_type: string }
  proposal_id: { source: NXS, path: /entry/experiment_identifier, value_type: string }
  pi_firstname: { source: SC, url: proposals/<proposal_id>, field: pi_firstname, value_type: string }
  pi_lastname: { source: SC, url: proposals/<proposal_id>, field: pi_lastname, value_type: string }
  pi_email: { source: SC, url: proposals/<proposal_id>, field: pi_email, value_type: string }
  dataset_name: { source: NXS, path: /entry/title, value_type: string }
  source_folder: { source: VALUE, operator: dirname-2, value: <data_file_path>, value_type: string }
schema:
  pid: { field_type: high_level, machine_name: pid, value: <pid>, type: string }
  dataset_name: { field_type: high_level, machine_name: datasetName, value: <dataset_name>, type: string }
  principal_investigator:
    { field_type: high_level, machine_name: principalInvestigator, value: <pi_firstname> <pi_lastname>, type: string }
  creation_location: { field_type: high_level, machine_name: creationLocation, value: ESS, type: string }
  owner: { field_type: high_level, machine_name: owner, value: <pi_firstname> <pi_lastname>, type: string }
  owner_email: { field_type: high_level, machine_name: ownerEmail, value: <pi_email>, type: string }
  source_folder: { field_type: high_level, machine_name: sourceFolder, value: <source_folder>, type: string }
  contact_email: { field_type: high_level, machine_name: contactEmail, value: <pi_email>, type: string }
  creation_time: { field_type: high_level, machine_name: creationTime, value: <now>, type: date }
`;
