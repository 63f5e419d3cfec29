import { DateTime } from 'luxon';

/** Whether luxon takes the text for a date and time in ISO 8601, as SciCat does. */
export function isLuxonDateTime(text: string): boolean {
  return DateTime.fromISO(text).isValid;
}
