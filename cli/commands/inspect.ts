'load later';

import { problem } from '../../core/problems/problem.ts';
import { preferQuickStart } from '../../core/nexus/quickStart.ts';
import { formatStorage, inspectNexus } from '../../core/nexus/inspect.ts';
import type { InspectNode } from '../../core/nexus/inspect.ts';
import { NexusError } from '../../core/nexus/model.ts';
import { openNexusInTime } from '../../core/nexus/worker/openInTime.ts';
import type { CommandAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Terminal } from '../terminal.ts';

/** `imsc inspect`: a NeXus file, or a part of it, as a tree. */
export const inspectCommand: CommandAction = async ({ terminal, args, options }) => {
  const depth = Number(options['depth']);
  if (!/^\d{1,9}$/.test(String(options['depth']))) {
    terminal.problems([problem('usage', `“${String(options['depth'])}” is not a number of levels.`)]);
    return exitCodes.usage;
  }
  preferQuickStart();
  try {
    const file = await openNexusInTime(args[0] ?? '');
    try {
      const node = await inspectNexus(file, args[1] ?? '/', {
        depth,
        count: 20_000,
        attributes: options['attributes'] === true,
      });
      if (terminal.isJson) terminal.printJson(node);
      else printNode(terminal, node, '', '');
      return exitCodes.done;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof NexusError)) throw error;
    const found = problem(error.path === undefined ? 'data-file' : 'nexus-path', error.message);
    if (terminal.isJson) terminal.printJson({ problems: [terminal.problemRecord(found)] });
    terminal.problems([found]);
    return exitCodes.failed;
  }
};

function printNode(terminal: Terminal, node: InspectNode, first: string, rest: string): void {
  const { colors } = terminal;
  const facts = [
    node.nxClass === undefined ? '' : colors.cyan(node.nxClass),
    node.type === undefined
      ? ''
      : colors.dim(`${node.type}${node.shape === undefined || node.shape === '' ? '' : ` ${node.shape}`}`),
    node.value === undefined ? '' : `= ${node.value}`,
    node.units === undefined || node.units === '' ? '' : node.units,
    node.storage === undefined ? '' : colors.dim(`(${formatStorage(node.storage)})`),
    node.sameAs === undefined ? '' : colors.dim(`same as ${node.sameAs}`),
    node.target === undefined
      ? ''
      : colors.yellow(`→ ${node.target} (${node.problem === undefined ? 'leads nowhere' : 'not followed'})`),
    node.problem === undefined ? '' : colors.red(node.problem),
  ];
  terminal.print([`${first}${node.name}`, ...facts.filter((fact) => fact !== '')].join('  '));
  for (const { name, value } of node.attributes ?? []) terminal.print(`${rest}  ${colors.dim(`@${name} = ${value}`)}`);
  const children = node.children ?? [];
  children.forEach((child, index) => {
    const last = index === children.length - 1 && !node.omitted;
    printNode(terminal, child, `${rest}${last ? '└─ ' : '├─ '}`, `${rest}${last ? '   ' : '│  '}`);
  });
  if (node.omitted) {
    const more = node.omitted.because === 'depth' ? 'see --depth' : 'name a group to see them';
    terminal.print(`${rest}└─ ${colors.dim(`… ${node.omitted.children} more (${more})`)}`);
  }
}
