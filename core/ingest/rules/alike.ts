import type { FolderMember, MemberMetadata } from '../../imsc/checks/checkFolder.ts';
import { replaceScalar } from '../../imsc/edits/textEdits.ts';
import { isSameUnit } from '../../text/alike.ts';
import { isAmong } from './names.ts';
import type { RuleKind, TellOf } from './rule.ts';

/** What is one thing has one name and one unit in all schemas of a folder, so that it can be searched for. */
export const alike: RuleKind = {
  name: 'alike',
  code: 'rule-alike',
  summary: 'scientific metadata have one spelling and one unit in all schemas of a folder',
  needs: [],
  speaksOf: 'metadata',
  takesStars: true,
  checkAmong: (rule, members, tell) => {
    const groups = new Map<string, Placed[]>();
    for (const member of members) {
      for (const metadata of member.metadata) {
        if (!isAmong(metadata.name, rule.metadata)) continue;
        const letters = metadata.name.toLowerCase().replaceAll(/[-_ .]/g, '');
        const group = groups.get(letters);
        if (group) group.push({ member, metadata });
        else groups.set(letters, [{ member, metadata }]);
      }
    }
    for (const group of groups.values()) {
      tellSpellings(group, tell);
      tellUnits(group, tell);
    }
  },
};

interface Placed {
  readonly member: FolderMember;
  readonly metadata: MemberMetadata;
}

function tellSpellings(group: readonly Placed[], tell: TellOf): void {
  const usual = mostOf(group, (a, b) => a.metadata.name === b.metadata.name);
  const first = usual[0];
  if (!first) return;
  const { name } = first.metadata;
  for (const { member, metadata } of group) {
    // Two of one schema are two things, whatever they are called.
    if (metadata.name === name || member.file === first.member.file) continue;
    const edit = replaceScalar(metadata.written, name);
    tell(member.file, `“${metadata.name}” is called “${name}” in ${filesOf(usual)}.`, metadata.written.range, {
      fixes: edit ? [{ title: `Change to “${name}”`, edits: [edit] }] : [],
      related: [{ message: 'called so here', range: first.metadata.written.range, file: first.member.file }],
    });
  }
}

function tellUnits(group: readonly Placed[], tell: TellOf): void {
  const known = group.filter(({ metadata }) => metadata.unit !== undefined);
  const usual = mostOf(known, (a, b) => isSameUnit(a.metadata.unit ?? '', b.metadata.unit ?? ''));
  const first = usual[0];
  if (!first) return;
  for (const one of known) {
    if (usual.includes(one) || one.member.file === first.member.file) continue;
    const { member, metadata } = one;
    const message = `“${metadata.name}” has the unit “${metadata.unit ?? ''}” here, and “${first.metadata.unit ?? ''}” in ${filesOf(usual)}.`;
    const range = metadata.unitRange ?? metadata.written.range;
    const there = first.metadata.unitRange ?? first.metadata.written.range;
    tell(member.file, message, range, {
      related: [{ message: 'its unit there', range: there, file: first.member.file }],
    });
  }
}

/** Those that most are like; of several such groups the first. */
function mostOf(group: readonly Placed[], isLike: (a: Placed, b: Placed) => boolean): readonly Placed[] {
  const kinds: Placed[][] = [];
  for (const one of group) {
    const same = kinds.find(([first]) => first && isLike(first, one));
    if (same) same.push(one);
    else kinds.push([one]);
  }
  return kinds.reduce<readonly Placed[]>((most, each) => (each.length > most.length ? each : most), []);
}

function filesOf(placed: readonly Placed[]): string {
  const files = [...new Set(placed.map(({ member }) => member.file.replace(/^.*[/\\]/, '')))];
  const [first = ''] = files;
  return files.length === 1 ? first : `${first} and ${files.length - 1} more`;
}
