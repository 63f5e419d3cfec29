import { loadServeSettings } from '../../gateway/settings/serveSettings.ts';
import type { Problem } from '../../core/problems/problem.ts';

/** What `imsc serve` would say of its settings. @param file absolute path */
export function serveProblems(file: string, text: string): readonly Problem[] {
  return loadServeSettings({ file, text }).problems;
}
