'load later';

import { createHash } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ArtifactLocation, Fix as SarifFix, Location, Log, Region, ReportingDescriptor, Result } from 'sarif';
import { problemKinds } from '../../core/problems/problemCodes.ts';
import type { ProblemKind } from '../../core/problems/problemKind.ts';
import type { Fix, Problem, Severity, TextRange } from '../../core/problems/problem.ts';
import type { ProblemPlaces } from '../problemPlaces.ts';
import { version, webPage } from '../version.ts';

const levels = { error: 'error', warning: 'warning', information: 'note', hint: 'note' } as const satisfies Readonly<
  Record<Severity, Result.level>
>;

/** For people who look at a report elsewhere: a path of this computer leads nowhere there. */
const problemsPage = webPage('docs/problems.md');

/** A problem with what tells it from others of its code, whatever its line is. */
export interface IdentifiedProblem {
  readonly problem: Problem;
  readonly identity: string;
}

/**
 * Problems as a SARIF 2.1.0 log, with every kind of problem as a rule. Files below the working directory are named
 * relative to it; columns count UTF-16 units.
 */
export function sarifLog(problems: readonly IdentifiedProblem[], places: ProblemPlaces, workingDirectory: string): Log {
  const codes = Object.keys(problemKinds);
  const kinds: readonly (readonly [string, ProblemKind])[] = Object.entries(problemKinds);
  const makers = new SarifMaker(places, workingDirectory);
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'imsc', version, semanticVersion: version, rules: kinds.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [baseId]: { uri: pathToFileURL(path.join(workingDirectory, path.sep)).href } },
        results: problems.map(({ problem, identity }) => ({
          ...makers.result(problem),
          ruleIndex: codes.indexOf(problem.code),
          partialFingerprints: { 'imscProblem/v1': createHash('sha256').update(identity).digest('hex') },
        })),
      },
    ],
  };
}

/** What relative paths are relative to. */
const baseId = '%SRCROOT%';

function ruleOf([id, { severity, summary, explanation }]: readonly [string, ProblemKind]): ReportingDescriptor {
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text: explanation.replaceAll('`', ''), markdown: explanation },
    help: { text: `${summary} ${explanation.replaceAll('`', '')}`, markdown: `**${summary}**\n\n${explanation}` },
    ...(problemsPage !== undefined && { helpUri: `${problemsPage}#${id}` }),
    defaultConfiguration: { level: levels[severity] },
  };
}

class SarifMaker {
  readonly #places: ProblemPlaces;
  readonly #workingDirectory: string;

  constructor(places: ProblemPlaces, workingDirectory: string) {
    this.#places = places;
    this.#workingDirectory = workingDirectory;
  }

  result({ code, severity, message, file, range, related, fixes }: Problem): Result {
    const locations = file === undefined ? [] : [this.#location(file, range)];
    const relatedLocations = (related ?? []).flatMap(({ message: text, range: at, file: other = file }, id) =>
      other === undefined ? [] : [{ id, message: { text }, ...this.#location(other, at) }],
    );
    const sarifFixes = file === undefined ? [] : (fixes ?? []).map((fix) => this.#fix(fix, file));
    return {
      ruleId: code,
      level: levels[severity],
      message: { text: message },
      locations,
      ...(relatedLocations.length > 0 && { relatedLocations }),
      ...(sarifFixes.length > 0 && { fixes: sarifFixes }),
    };
  }

  #location(file: string, range: TextRange | undefined): Location {
    const region = range && this.#region(file, range);
    return { physicalLocation: { artifactLocation: this.#artifact(file), ...(region && { region }) } };
  }

  #artifact(file: string): ArtifactLocation {
    const relative = path.relative(this.#workingDirectory, file);
    if (relative.startsWith('..') || path.isAbsolute(relative)) return { uri: pathToFileURL(file).href };
    return { uri: relative.split(path.sep).map(encodeURIComponent).join('/'), uriBaseId: baseId };
  }

  #region(file: string, range: TextRange): Region | undefined {
    const place = this.#places.range(file, range);
    if (!place) return undefined;
    const { start, end } = place;
    return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
  }

  #fix({ title, edits }: Fix, file: string): SarifFix {
    const replacements = edits.flatMap(({ range, newText }) => {
      const deletedRegion = this.#region(file, range);
      return deletedRegion ? [{ deletedRegion, insertedContent: { text: newText } }] : [];
    });
    return {
      description: { text: title },
      artifactChanges: [{ artifactLocation: this.#artifact(file), replacements }],
    };
  }
}
