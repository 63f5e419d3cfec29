/** See mockBroker.mjs. */
export interface MockBroker {
  /** `host:port`, with commas between them. */
  readonly servers: string;
  /** A command of mockBroker.c; answered when it is done. */
  command(line: string): Promise<void>;
  send(topic: string, bytes: Uint8Array, partition?: number): Promise<void>;
  /** Many at once: they are sent together, and all of them are there after the command `flush`. */
  queue(topic: string, bytes: Uint8Array, partition?: number): Promise<void>;
  stop(): void;
}

export const brokerPackages: readonly string[];
export function buildMockBroker(say?: (text: string) => void): { program: string; remove: () => void } | undefined;
export function startMockBroker(program: string, brokers?: number): Promise<MockBroker>;
