import { basename } from 'node:path';
import { l10n } from 'vscode';
import type {
  DatasetData,
  EvaluationData,
  FieldData,
  OutcomeData,
  TextPosition,
  VariableData,
} from '../../server/protocol.ts';
import type { PreviewModel, PreviewNote, PreviewRow, PreviewTable } from './messages.ts';

/** What the page shows, made of the server's answers for one version of a schema. */
export function previewModel(schema: string, evaluation: EvaluationData, dataset: DatasetData): PreviewModel {
  const { sample, fields, variables } = evaluation;
  const own = variables.filter(({ position }) => position !== undefined);
  const starts = [...fields, ...own].flatMap(({ position }) => position ?? []).sort(inOrder);
  const placed = dataset.problems.map((found) => ({
    ...found,
    start: starts.findLast((start) => isAfter(found.position, start)),
  }));
  const rowOf = (data: FieldData | VariableData): PreviewRow => {
    const { outcome, position } = data;
    const found = placed.filter(({ start }) => start !== undefined && start === position);
    return {
      name: 'machineName' in data ? data.machineName : data.name,
      state: outcome.state,
      text: textOf(outcome),
      unit: outcome.state === 'known' ? outcome.unit : '',
      stored: 'stored' in data ? l10n.t('{0} in SciCat', data.stored) : '',
      type: data.valueType ?? '',
      notes: notesOf(outcome, found),
      position,
    };
  };
  const high = fields.filter(({ fieldType }) => fieldType !== 'scientific_metadata');
  const metadata = fields.filter(({ fieldType }) => fieldType === 'scientific_metadata');
  const jobRows = evaluation.jobs.map(({ name, outcome, position }): PreviewRow => ({
    name,
    state: outcome.state,
    text: textOf(outcome),
    unit: '',
    stored: '',
    type: '',
    notes: [],
    position,
  }));
  const tables: PreviewTable[] = [
    { id: 'fields', title: l10n.t('Dataset fields'), rows: high.map(rowOf) },
    { id: 'metadata', title: l10n.t('Scientific metadata'), rows: metadata.map(rowOf) },
    { id: 'variables', title: l10n.t('Variables'), rows: variables.map(rowOf) },
  ];
  if (jobRows.length > 0) tables.splice(2, 0, { id: 'jobs', title: l10n.t('Jobs of SciCat'), rows: jobRows });
  return {
    schema,
    sample: sample.file === null ? '' : basename(sample.file),
    sampleMessage: sampleMessage(sample),
    tables,
    notes: placed
      .filter(({ start }) => start === undefined)
      .map(({ severity, message, position }) => ({ severity, text: message, position })),
    json: dataset.json,
    canAskScicat:
      sample.state === 'ready' &&
      variables.some(({ outcome, isFromScicat }) => isFromScicat && outcome.state === 'unknown'),
  };
}

function textOf(outcome: OutcomeData): string {
  switch (outcome.state) {
    case 'known':
      return outcome.text;
    case 'failed':
      return outcome.message;
    case 'unknown':
      return outcome.reason;
  }
}

/** A failure is said once: in the row itself. */
function notesOf(outcome: OutcomeData, found: DatasetData['problems']): PreviewNote[] {
  if (outcome.state === 'failed') return [];
  const notes = outcome.state === 'known' ? outcome.notes : [];
  return [
    ...found.map(({ severity, message }) => ({ severity, text: message })),
    ...notes.map((text) => ({ severity: 'information' as const, text })),
  ];
}

function sampleMessage({ state, message }: EvaluationData['sample']): string {
  switch (state) {
    case 'ready':
      return '';
    case 'none':
      return l10n.t('No sample file is chosen, so that most values are unknown.');
    case 'untrusted':
      return l10n.t('Reading sample files waits until you trust this workspace.');
    case 'unreadable':
      return message ?? l10n.t('The sample file cannot be read.');
  }
}

function inOrder(a: TextPosition, b: TextPosition): number {
  return a.line - b.line || a.character - b.character;
}

function isAfter(position: TextPosition | undefined, start: TextPosition): boolean {
  return position !== undefined && inOrder(position, start) >= 0;
}
