'load later';

import { DateTime } from 'luxon';

// In a file of its own, so that luxon is loaded when it is asked (`whenCalled` in scripts/build.mjs).

/** Whether luxon takes the text for a date and time in ISO 8601, as SciCat does. */
export function isLuxonDateTime(text: string): boolean {
  return DateTime.fromISO(text).isValid;
}
