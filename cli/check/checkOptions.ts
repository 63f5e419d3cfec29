import path from 'node:path';
import { dialectNamed } from '../../core/imsc/language/dialects.ts';
import type { DialectName } from '../../core/imsc/language/dialects.ts';
import { problemKinds } from '../../core/problems/problemCodes.ts';
import type { ProblemCode } from '../../core/problems/problemCodes.ts';
import { suggestion } from '../../core/problems/suggestion.ts';
import type { SeveritySetting } from '../../core/imsc/checks/suppress.ts';

export type CheckFormat = 'text' | 'json' | 'sarif' | 'github';

/** What the command line of `imsc check` asks for. */
export interface CheckOptions {
  readonly format: CheckFormat;
  readonly samples: readonly string[];
  readonly severities: Readonly<Partial<Record<ProblemCode, SeveritySetting>>>;
  /** The dialect of schemas that name none. */
  readonly dialect: DialectName | undefined;
  /** The file with the rules of the facility; absent: as it is found. */
  readonly rulesFile: string | undefined;
  readonly fix: boolean;
  /** More warnings than this are a failure; absent: warnings never are. */
  readonly maxWarnings: number | undefined;
  /** Absolute path. */
  readonly baseline: string | undefined;
  readonly updateBaseline: boolean;
}

const levels = ['error', 'warning', 'information', 'hint', 'off'] as const satisfies readonly SeveritySetting[];
const formats = ['text', 'json', 'sarif', 'github'] as const satisfies readonly CheckFormat[];

/** Reads the options. @returns sentences that say what is wrong with them, if something is */
export function readCheckOptions(options: Readonly<Record<string, unknown>>): CheckOptions | readonly string[] {
  const wrong: string[] = [];
  const severities: Partial<Record<ProblemCode, SeveritySetting>> = {};
  for (const written of textsOf(options['severity'])) {
    const [code = '', level = ''] = written.split('=');
    const setting = levels.find((each) => each === (level === 'info' ? 'information' : level));
    if (!isCode(code)) {
      const near = suggestion(code, Object.keys(problemKinds));
      wrong.push(
        `--severity: “${code}” is not a code of a problem.${near === undefined ? '' : ` Did you mean ${near}?`}`,
      );
    } else if (setting === undefined) {
      wrong.push(`--severity ${code}: “${level}” is none of ${levels.join(', ')}.`);
    } else severities[code] = setting;
  }
  const written = options['maxWarnings'];
  const maxWarnings = typeof written === 'string' ? Number(written) : undefined;
  if (maxWarnings !== undefined && (written === '' || !Number.isSafeInteger(maxWarnings) || maxWarnings < 0)) {
    wrong.push(`--max-warnings: “${String(written)}” is not a number of warnings.`);
  }
  const baseline = options['baseline'];
  const updateBaseline = options['updateBaseline'] === true;
  if (updateBaseline && baseline === undefined) wrong.push('--update-baseline needs --baseline FILE.');
  const dialect = options['dialect'];
  const rules = options['rules'];
  if (wrong.length > 0) return wrong;
  const format = options['json'] === true ? 'json' : options['format'];
  return {
    format: formats.find((each) => each === format) ?? 'text',
    samples: textsOf(options['sample']),
    severities,
    dialect: typeof dialect === 'string' ? dialectNamed(dialect) : undefined,
    rulesFile: typeof rules === 'string' ? path.resolve(rules) : undefined,
    fix: options['fix'] === true,
    maxWarnings,
    baseline: typeof baseline === 'string' ? path.resolve(baseline) : undefined,
    updateBaseline,
  };
}

function isCode(text: string): text is ProblemCode {
  return Object.hasOwn(problemKinds, text);
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
