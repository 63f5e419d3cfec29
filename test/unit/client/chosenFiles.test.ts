import { describe, expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';
import { chosenFiles } from '../../../client/ingestions/chosenFiles.ts';
import type { Services } from '../../../client/services.ts';

vi.mock('vscode', () => {
  class Uri {
    readonly scheme = 'file';
    readonly path: string;
    constructor(path: string) {
      this.path = path;
    }
    static file(path: string): Uri {
      return new Uri(path);
    }
    static parse(text: string): Uri {
      return new Uri(text.replace('file://', ''));
    }
    toString(): string {
      return `file://${this.path}`;
    }
  }
  const quickPick = {
    show: () => undefined,
    dispose: () => undefined,
    onDidAccept: () => undefined,
    onDidTriggerButton: () => undefined,
    onDidHide: (listener: () => void) => {
      listener();
    },
  };
  return {
    Uri,
    ThemeIcon: vi.fn(),
    l10n: { t: (text: string) => text },
    window: { createQuickPick: () => quickPick },
    workspace: { textDocuments: [], findFiles: () => Promise.resolve([]) },
  };
});

/** Samples as the language server knows them, by schema. */
const samples: Readonly<Record<string, string>> = { 'file:///s/loki.imsc.json': '/data/loki.nxs' };
const services = {
  context: { workspaceState: { get: (_key: string, other: unknown) => other, update: () => Promise.resolve() } },
  samples: {
    current: { file: '/data/of-another-schema.nxs', state: 'ready' },
    fileOf: (uri: string) => Promise.resolve(samples[uri] ?? null),
  },
} as unknown as Services;

describe('what is ingested where a schema is named', () => {
  it.each([
    ['file:///s/loki.imsc.json', ['/data/loki.nxs']],
    // Without a sample of its own the person picks; here they change their mind.
    ['file:///s/coda.imsc.yml', undefined],
  ])('%s: its own sample, whatever is shown beside another schema', async (schema, files) => {
    const chosen = await chosenFiles(services, 'Ingest', [schema]);
    expect(chosen?.files.map(({ path }: Uri) => path)).toEqual(files);
  });
});
