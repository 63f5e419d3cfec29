import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Problem, TextRange } from '../core/problems/problem.ts';
import type { ReportedPlace } from '../core/jobs/report/report.ts';

/** Turns the ranges of problems into lines and columns, reading each file once. */
export class ProblemPlaces {
  readonly #documents = new Map<string, TextDocument | undefined>();

  /** Lines and columns, from 1; undefined if the problem has no place or its file cannot be read. */
  of(found: Problem): ReportedPlace | undefined {
    return found.range && found.file !== undefined ? this.range(found.file, found.range) : undefined;
  }

  range(file: string, { start, end }: TextRange): ReportedPlace | undefined {
    const document = this.#document(file);
    if (!document) return undefined;
    const place = (offset: number): ReportedPlace['start'] => {
      const { line, character } = document.positionAt(offset);
      return { line: line + 1, column: character + 1 };
    };
    return { start: place(start), end: place(end) };
  }

  /** The path from the working directory if it lies below, else the whole path. */
  shortName(file: string): string {
    const relative = path.relative(process.cwd(), file);
    return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
  }

  #document(file: string): TextDocument | undefined {
    if (!this.#documents.has(file)) {
      let document: TextDocument | undefined;
      try {
        document = TextDocument.create(file, '', 0, readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
      } catch {
        document = undefined;
      }
      this.#documents.set(file, document);
    }
    return this.#documents.get(file);
  }
}
