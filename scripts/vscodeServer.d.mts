/** See vscodeServer.mjs. */
export function chromiumProgram(): string | undefined;
export function vscodeServer(): { node: string; codeServer: string; chromium: string } | undefined;
