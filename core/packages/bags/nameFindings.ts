import { finding } from '../rules.ts';
import type { Finding } from '../rules.ts';

/** Files that systems make for themselves. */
const systemFiles = /(^|\/)(\.DS_Store|\.AppleDouble|\._[^/]*|Thumbs\.db|desktop\.ini|\.Trashes|\.Spotlight-V100)$/i;
/** Names that Windows cannot have. Line ends have an escape of their own in manifests. */
const unportable = /[<>:"|?*\\]|[ .](\/|$)|(^|\/)(con|prn|aux|nul|com\d|lpt\d)(\.[^/]*)?(\/|$)/i;

/** Names of the payload that another system cannot have, or would not tell apart. */
export function nameFindings(names: Iterable<string>): Finding[] {
  const findings: Finding[] = [];
  const folded = new Map<string, string>();
  for (const file of names) {
    if (systemFiles.test(file))
      findings.push(finding('system-file', `${file} was made by a system for itself.`, { file }));
    if (unportable.test(file))
      findings.push(finding('unportable-name', `${file} cannot have this name on Windows.`, { file }));
    const fold = file.normalize('NFC').toLowerCase();
    const other = folded.get(fold);
    if (other !== undefined && other.normalize('NFC') !== file.normalize('NFC')) {
      const message = `${other} and ${file} are one file on systems that do not tell capitals.`;
      findings.push(finding('case', message, { file }));
    }
    folded.set(fold, file);
  }
  return findings;
}
