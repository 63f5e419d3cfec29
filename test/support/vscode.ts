/** As much of VS Code as the parts of `client/` need that are tested without one. */

export const l10n = {
  /** As VS Code does it where there is no translation: the text itself, with its values. */
  t: (message: string, ...values: readonly (string | number | boolean)[]): string =>
    message.replace(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole)),
};

export const env = { language: 'en' };

export const workspace = { isTrusted: true };
