import { URI } from 'vscode-uri';

/** The path on this computer; undefined where there is none, as for an untitled document. */
export function fileOf(uri: string): string | undefined {
  const parsed = URI.parse(uri);
  return parsed.scheme === 'file' ? parsed.fsPath : undefined;
}

export function uriOf(file: string): string {
  return URI.file(file).toString();
}
