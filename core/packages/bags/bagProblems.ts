import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Finding } from '../rules.ts';

/** What was found of a bag, as it is told of an ingestion. */
export function bagProblems(findings: readonly Finding[]): Problem[] {
  return findings.map(({ message, severity, file, line }) => {
    const place = [file, line].filter((each) => each !== undefined).join(':');
    return problem('package', place === '' ? message : `${message} (${place})`, undefined, { severity });
  });
}
