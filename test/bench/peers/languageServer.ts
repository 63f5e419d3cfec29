import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import type { Diagnostic } from 'vscode-languageserver-protocol/node';

interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Any language server in a process of its own, as an editor starts it. */
export class LanguageServer {
  readonly #process;
  readonly #connection;
  readonly #published: ((told: Published) => void)[] = [];

  constructor(program: string, args: readonly string[] = ['--stdio'], settings: unknown = {}) {
    this.#process = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
    const { stdin, stdout } = this.#process;
    this.#connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.#connection.onNotification('textDocument/publishDiagnostics', (told: Published) => {
      for (const listener of this.#published.splice(0)) listener(told);
    });
    this.#connection.onRequest('workspace/configuration', ({ items }: { items: readonly { section: string }[] }) =>
      items.map(({ section }) => (section === 'yaml' ? settings : null)),
    );
    this.#connection.onRequest('client/registerCapability', () => null);
    this.#connection.listen();
  }

  async start(options: { readonly pull: boolean }): Promise<void> {
    await this.request('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
        textDocument: {
          synchronization: {},
          publishDiagnostics: { versionSupport: true },
          ...(options.pull && { diagnostic: {} }),
          completion: { completionItem: { snippetSupport: true } },
        },
      },
    });
    await this.notify('initialized', {});
  }

  request<T>(method: string, params: unknown): Promise<T> {
    return this.#connection.sendRequest<T>(method, params);
  }

  notify(method: string, params: unknown): Promise<void> {
    return this.#connection.sendNotification(method, params);
  }

  /** The next diagnostics that it tells by itself. */
  nextPublished(): Promise<Published> {
    return new Promise((resolve) => this.#published.push(resolve));
  }

  /** Resident memory, in MB; NaN where the system does not tell. */
  get memory(): number {
    try {
      const status = readFileSync(`/proc/${this.#process.pid ?? 0}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    } catch {
      return NaN;
    }
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    await this.request('shutdown', undefined);
    await this.notify('exit', undefined);
    setTimeout(() => this.#process.kill(), 2000).unref();
    await ended;
    this.#connection.dispose();
  }
}
