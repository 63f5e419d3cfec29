import { Location, Position, Range, TestMessage } from 'vscode';
import type { TestItem, TestRun } from 'vscode';
import { plainText } from '../dialogs.ts';
import { uriOfPath } from '../files.ts';
import { numberAt, recordAt, recordsAt, textAt } from '../json.ts';
import type { JsonRecord } from '../json.ts';

/**
 * Tells VS Code what came of a test, as `imsc test --json` says it.
 * @param item of the file, or of something that it expects
 */
export function report(run: TestRun, item: TestItem, result: JsonRecord): void {
  const outcome = textAt(result, 'outcome');
  if (item.parent !== undefined && outcome !== 'passed' && outcome !== 'failed') {
    // Nothing was compared; the file says why.
    run.skipped(item);
    return;
  }
  showChanges(run, item, result);
  const isOwn = (record: JsonRecord): boolean =>
    item.parent === undefined || `${textAt(record, 'part') ?? ''}/${textAt(record, 'name') ?? ''}` === item.id;
  const found = [...recordsAt(result, 'problems'), ...recordsAt(result, 'differences')].filter(isOwn);
  const messages = found.map((record) => messageOf(item, record));
  const milliseconds = numberAt(result, 'milliseconds');
  if (outcome === 'passed' || (item.parent !== undefined && messages.length === 0)) run.passed(item, milliseconds);
  else if (outcome === 'failed') run.failed(item, messages, milliseconds);
  else run.errored(item, messages, milliseconds);
}

/** The output is a terminal, which obeys control characters. */
function visible(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}

/** What an update has changed, in the output of the run. */
function showChanges(run: TestRun, item: TestItem, result: JsonRecord): void {
  if (item.parent !== undefined) return;
  for (const record of recordsAt(result, 'changes')) {
    const sides = [textAt(record, 'expected'), textAt(record, 'actual')];
    const lines = sides.flatMap(
      (side, index) => side?.split('\n').map((each) => `${index === 0 ? '-' : '+'} ${each}`) ?? [],
    );
    const text = [textAt(record, 'name') ?? '', ...(lines.length > 0 ? lines : [textAt(record, 'message') ?? ''])];
    run.appendOutput(`${text.map(visible).join('\r\n')}\r\n`, undefined, item);
  }
}

/** A difference or a problem, at its line; with both sides where there are two. */
function messageOf(item: TestItem, record: JsonRecord): TestMessage {
  const name = textAt(record, 'name');
  const text = plainText(`${name === undefined ? '' : `${name}: `}${textAt(record, 'message') ?? ''}`);
  const expected = textAt(record, 'expected');
  const actual = textAt(record, 'actual');
  const message =
    expected !== undefined && actual !== undefined ? TestMessage.diff(text, expected, actual) : new TestMessage(text);
  const file = textAt(record, 'file');
  const uri = file === undefined ? item.uri : uriOfPath(file);
  if (uri) message.location = new Location(uri, rangeOf(record));
  return message;
}

/** The command line counts from 1, VS Code from 0. */
function rangeOf(record: JsonRecord): Range {
  const place = (end: 'start' | 'end'): Position => {
    const found = recordAt(recordAt(record, 'range'), end);
    return new Position((numberAt(found, 'line') ?? 1) - 1, (numberAt(found, 'column') ?? 1) - 1);
  };
  return new Range(place('start'), place('end'));
}
