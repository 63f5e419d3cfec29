'load later';

import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'amqplib';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { brokerTrouble } from '../online/brokerTrouble.ts';
import type { Heard, Source, SourceHealth, SourceOptions } from '../online/source.ts';
import type { RabbitSettings } from './rabbitSettings.ts';

export interface RabbitSourceOptions extends SourceOptions {
  readonly settings: RabbitSettings;
}

/** After so long a message for which there was no room is looked at again. */
const roomAgainMs = 2_000;
/** So often the broker is asked whether the queue is there. */
const askMs = 5_000;
const patienceMs = 30_000;
const connectMs = 5_000;
const heartbeatSeconds = 15;
const longestPauseMs = 30_000;
/** How a message of Kafka goes on behind its topic, which may have the name of the queue. */
const kafkaPlace = /^\d+\/\d+@/;

/** Messages of a queue of RabbitMQ, by amqplib. Each is acknowledged when it is recorded; a lost connection is made anew. */
export class RabbitSource implements Source {
  readonly #options: RabbitSourceOptions;
  readonly #stopped = new AbortController();
  #connection: ChannelModel | undefined;
  #asking: NodeJS.Timeout | undefined;
  #lastSign: number | undefined;
  #lag: number | undefined;
  #restarts = 0;
  #isFull = false;
  /** The message in hand; the next one waits for it. */
  #taking: Promise<void> = Promise.resolve();

  constructor(options: RabbitSourceOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#begin();
    this.#asking = setInterval(() => {
      void this.#ask();
    }, askMs);
  }

  health(): SourceHealth {
    return {
      isConnected: this.#connection !== undefined,
      lastSign: this.#lastSign,
      patienceMs,
      lag: this.#lag,
      restarts: this.#restarts,
      isPaused: this.#isFull,
    };
  }

  /** What was acknowledged is not delivered again; what was not is delivered first, as soon as there is a connection. */
  gone(): Promise<(key: string) => boolean> {
    const begin = `${this.#options.settings.queue}/`;
    const isMine = (key: string): boolean => key.startsWith(begin) && !kafkaPlace.test(key.slice(begin.length));
    return Promise.resolve((key) => this.#connection !== undefined && isMine(key));
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    clearInterval(this.#asking);
    await this.#taking;
    const connection = this.#connection;
    this.#connection = undefined;
    // What was not acknowledged is delivered to others then.
    await connection?.close().catch(() => undefined);
  }

  async #begin(): Promise<void> {
    const { host, port, tls, virtualHost, user, password, queue, prefetch } = this.#options.settings;
    const connection = await connect(
      // The password leaves its wrapper here and nowhere else.
      {
        protocol: tls ? 'amqps' : 'amqp',
        hostname: host,
        port,
        vhost: virtualHost,
        username: user,
        password: password.reveal(),
        heartbeat: heartbeatSeconds,
      },
      {
        timeout: connectMs,
        ...(tls?.ca !== undefined && { ca: tls.ca }),
        ...(tls && !isIP(host) && { servername: host }),
      },
    );
    // What went wrong is told when it closes.
    let trouble: string | undefined;
    connection.on('error', (error: Error) => {
      trouble = error.message;
    });
    connection.on('close', () => {
      this.#closed(connection, trouble);
    });
    try {
      await this.#declare(connection);
      const channel = await connection.createChannel();
      channel.on('error', (error: Error) => {
        trouble = error.message;
      });
      channel.on('close', () => {
        connection.close().catch(() => undefined);
      });
      await channel.prefetch(prefetch);
      this.#connection = connection;
      this.#lastSign = Date.now();
      await channel.consume(queue, (message) => {
        // The queue was deleted, or moved to another node.
        if (message === null) void channel.close().catch(() => undefined);
        else this.#taking = this.#taking.then(() => this.#take(connection, channel, message));
      });
    } catch (error) {
      this.#connection = undefined;
      await connection.close().catch(() => undefined);
      throw error;
    }
  }

  /** Makes the queue where it is not there. One that is there stays as its owner wanted it. */
  async #declare(connection: ChannelModel): Promise<void> {
    const { queue, binding } = this.#options.settings;
    const looking = await connection.createChannel();
    // The broker closes a channel that asks for what is not there.
    looking.on('error', () => undefined);
    try {
      await looking.checkQueue(queue);
      await looking.close();
    } catch {
      const making = await connection.createChannel();
      making.on('error', () => undefined);
      await making.assertQueue(queue, { durable: true });
      await making.close();
    }
    if (!binding) return;
    const binder = await connection.createChannel();
    binder.on('error', () => undefined);
    await binder.assertExchange(binding.exchange, 'topic', { durable: true });
    await binder.bindQueue(queue, binding.exchange, binding.routingKey);
    await binder.close();
  }

  async #take(connection: ChannelModel, channel: Channel, message: ConsumeMessage): Promise<void> {
    const { queue } = this.#options.settings;
    const properties: Readonly<Record<string, unknown>> = { ...message.properties };
    const { messageId, timestamp } = properties;
    const heard: Heard = {
      // One without a name of its own is another thing each time: what was recorded before finds the file there.
      key: `${queue}/${typeof messageId === 'string' && messageId !== '' ? messageId : randomUUID()}`,
      place: {
        queue,
        routingKey: message.fields.routingKey,
        ...(typeof timestamp === 'number' && { timestamp }),
      },
      bytes: message.content,
    };
    const { signal } = this.#stopped;
    while (!signal.aborted && this.#connection === connection) {
      if (await this.#options.take(heard)) {
        this.#isFull = false;
        this.#lastSign = Date.now();
        // Of a channel that is gone it is delivered again.
        if (this.#connection === connection) channel.ack(message);
        return;
      }
      this.#isFull = true;
      await wait(roomAgainMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Asks the broker for a sign of life, and how many messages wait. */
  async #ask(): Promise<void> {
    const connection = this.#connection;
    if (!connection) return;
    try {
      const channel = await connection.createChannel();
      channel.on('error', () => undefined);
      const { messageCount } = await channel.checkQueue(this.#options.settings.queue);
      if (this.#connection === connection) [this.#lag, this.#lastSign] = [messageCount, Date.now()];
      await channel.close();
    } catch {
      // Its connection closes, or the next look has an answer.
    }
  }

  #closed(connection: ChannelModel, trouble: string | undefined): void {
    if (this.#connection !== connection || this.#stopped.signal.aborted) return;
    this.#connection = undefined;
    this.#options.say(
      `The connection to RabbitMQ is lost${trouble === undefined ? '' : ` (${trouble})`}; it is made anew.`,
      'warning',
    );
    void this.#beginAgain();
  }

  async #beginAgain(): Promise<void> {
    const { signal } = this.#stopped;
    let said: string | undefined;
    for (let pauseMs = 500; !signal.aborted; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
      if (this.#stopped.signal.aborted) return;
      this.#restarts += 1;
      try {
        await this.#begin();
        this.#options.say('RabbitMQ is heard again.');
        return;
      } catch (error) {
        // Each reason once; /health goes on saying it.
        const trouble = brokerTrouble('rabbitmq', error);
        if (trouble !== said) this.#options.say(`RabbitMQ cannot be reached: ${trouble}`, 'warning');
        said = trouble;
      }
    }
  }
}
