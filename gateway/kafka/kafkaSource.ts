'load later';

import { Kafka, logLevel } from 'kafkajs';
import type { Consumer, EachBatchPayload, SASLOptions } from 'kafkajs';
import { brokerTrouble } from '../online/brokerTrouble.ts';
import type { Source, SourceHealth, SourceOptions } from '../online/source.ts';
import { teachCodecs, Undecompressed } from './codecs.ts';
import { goneMessages, keyOf } from './goneMessages.ts';
import type { KafkaSettings } from './kafkaSettings.ts';

export interface KafkaSourceOptions extends SourceOptions {
  readonly settings: KafkaSettings;
}

/** After so long messages for which there was no room are looked at again. */
const roomAgainMs = 2_000;
/** Longer than a client may stand still before it is thrown away. */
const patienceMs = 30_000;
/** So many messages are recorded at the same time. */
const takenAtOnce = 16;
/** After so long messages that cannot be decompressed are looked at again: they may have been removed by then. */
const unreadableAgainMs = 30_000;
/** So long a client that stands still is given to leave. */
const leaveMs = 3_000;

/**
 * Messages of Kafka, by kafkajs. That client may stand still for good when a broker dies, without a word; so one that gave
 * no sign of life for two sessions, or three while the group shares its partitions anew, or says that it will not go on,
 * is thrown away for a new one. If that one comes to nothing either, the source is dead.
 */
export class KafkaSource implements Source {
  readonly #options: KafkaSourceOptions;
  readonly #sessionMs: number;
  #consumer: Consumer | undefined;
  #lastSign: number | undefined;
  #isConnected = false;
  /** The group shares its partitions anew: the broker answers when all members are there, or are given up. */
  #isJoining = false;
  #restarts = 0;
  /** Restarts since the last sign of life. */
  #inVain = 0;
  #watching: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** Why messages cannot be decompressed, as it was said. */
  #unreadable: string | undefined;
  readonly #lags = new Map<string, number>();
  /** Partitions of which nothing is read for want of room. */
  #waiting = 0;

  constructor(options: KafkaSourceOptions) {
    teachCodecs();
    this.#options = options;
    this.#sessionMs = options.settings.sessionMs;
  }

  async start(): Promise<void> {
    await this.#begin();
    this.#watching = setInterval(() => {
      const silentMs = Date.now() - (this.#lastSign ?? 0);
      if (silentMs > (this.#isJoining ? 3 : 2) * this.#sessionMs) this.#beginAgain('It gave no sign of life.');
    }, 1_000);
  }

  health(): SourceHealth {
    return {
      isConnected: this.#isConnected,
      lastSign: this.#lastSign,
      patienceMs: Math.max(patienceMs, 3 * this.#sessionMs),
      lag: this.#lags.size === 0 ? undefined : [...this.#lags.values()].reduce((sum, each) => sum + each, 0),
      restarts: this.#restarts,
      isPaused: this.#waiting > 0,
    };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#watching);
    const consumer = this.#consumer;
    this.#consumer = undefined;
    this.#isConnected = false;
    // What is recorded is committed when the batch that is under way has come to its end.
    await consumer?.disconnect().catch(() => undefined);
  }

  gone(): Promise<(key: string) => boolean> {
    return goneMessages(this.#client().admin(), this.#options.settings.topics);
  }

  async #begin(): Promise<void> {
    const { settings } = this.#options;
    this.#lastSign = Date.now();
    // It joins first of all.
    this.#isJoining = true;
    const consumer = this.#client().consumer({
      groupId: settings.groupId,
      sessionTimeout: this.#sessionMs,
      heartbeatInterval: Math.floor(this.#sessionMs / 4),
      rebalanceTimeout: 2 * this.#sessionMs,
      maxWaitTimeInMs: 1_000,
      allowAutoTopicCreation: false,
      retry: { restartOnFailure: () => Promise.resolve(true) },
    });
    this.#consumer = consumer;
    this.#follow(consumer);
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...settings.topics], fromBeginning: settings.begins === 'earliest' });
      await consumer.run({
        autoCommit: true,
        autoCommitThreshold: 100,
        autoCommitInterval: 1_000,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => this.#take(consumer, payload),
      });
    } catch (error) {
      await leave(consumer);
      throw error;
    }
  }

  #client(): Kafka {
    const { settings, say } = this.#options;
    const { tls, signIn } = settings;
    let lastSaid = '';
    return new Kafka({
      clientId: 'imsc',
      brokers: [...settings.servers],
      ...(tls && { ssl: tls.ca === undefined ? true : { ca: tls.ca } }),
      ...(signIn && { sasl: saslOf(signIn) }),
      connectionTimeout: 5_000,
      requestTimeout: this.#sessionMs,
      retry: { retries: 5, initialRetryTime: 300, maxRetryTime: 5_000 },
      logLevel: logLevel.ERROR,
      // Only its own words: the other details may hold anything.
      logCreator:
        () =>
        ({ log }) => {
          const why: unknown = log['error'];
          // That members come and go is no error.
          if (typeof why === 'string' && why.startsWith('The group is rebalancing')) return;
          const text = `Kafka: ${log.message}${typeof why === 'string' ? `: ${why}` : ''}`;
          // A broker that is away is tried ten times a second.
          if (text !== lastSaid) say(text, 'warning');
          lastSaid = text;
        },
    });
  }

  #follow(consumer: Consumer): void {
    const { events } = consumer;
    const isAlive = (): void => {
      if (this.#consumer !== consumer) return;
      this.#lastSign = Date.now();
      this.#isConnected = true;
      this.#inVain = 0;
    };
    consumer.on(events.HEARTBEAT, isAlive);
    consumer.on(events.FETCH, isAlive);
    consumer.on(events.REBALANCING, () => {
      isAlive();
      this.#isJoining = true;
    });
    consumer.on(events.GROUP_JOIN, ({ payload }) => {
      // A new share of the partitions: how far the others are is no longer known here.
      this.#lags.clear();
      if (this.#consumer !== consumer) return;
      isAlive();
      this.#isJoining = false;
      const shares = Object.entries(payload.memberAssignment).map(([topic, parts]) => `${topic} ${parts.join(', ')}`);
      this.#options.say(`Kafka: hears ${shares.length === 0 ? 'nothing at present' : shares.join('; ')}.`);
    });
    consumer.on(events.DISCONNECT, () => {
      if (this.#consumer === consumer) this.#isConnected = false;
    });
    consumer.on(events.CRASH, ({ payload }) => {
      if (this.#consumer !== consumer) return;
      this.#isConnected = false;
      if (payload.restart) return;
      const { error }: { error: Error } = payload;
      if (error instanceof Undecompressed) this.#waitBehind(error);
      else this.#beginAgain('It says that it will not go on.');
    });
  }

  /** Throws the client away and makes a new one. */
  #beginAgain(why: string): void {
    const { say, onDead } = this.#options;
    const old = this.#consumer;
    if (this.#isStopped || !old) return;
    this.#consumer = undefined;
    this.#isConnected = false;
    this.#lastSign = Date.now();
    this.#restarts += 1;
    this.#inVain += 1;
    if (this.#inVain > 2) {
      onDead(`The connection to Kafka was made anew twice, and stands still. ${why}`);
      return;
    }
    say(`The connection to Kafka is made anew. ${why}`, 'warning');
    void leave(old)
      .then(() => (this.#isStopped ? undefined : this.#begin()))
      .catch((error: unknown) => {
        say(`Kafka cannot be reached: ${brokerTrouble('kafka', error)}`, 'warning');
        this.#beginAgain('Kafka cannot be reached.');
      });
  }

  /**
   * Behind messages that cannot be decompressed, nothing of their partition can be read, and what lies before them has
   * been. They stay in Kafka, and nothing is counted as heard.
   */
  #waitBehind({ message }: Undecompressed): void {
    const { say } = this.#options;
    const old = this.#consumer;
    if (this.#isStopped || !old) return;
    this.#consumer = undefined;
    if (this.#unreadable !== message)
      say(
        `Kafka has messages that are ${message}. They wait in Kafka, and what comes behind them too: let their producer send them anew, and move the group behind them.`,
        'error',
      );
    this.#unreadable = message;
    void leave(old);
    setTimeout(() => {
      if (this.#isStopped) return;
      this.#begin().catch(() => {
        this.#beginAgain('Kafka cannot be reached.');
      });
    }, unreadableAgainMs).unref();
  }

  async #take(consumer: Consumer, payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { topic, partition } = batch;
    for (let at = 0; at < batch.messages.length; at += takenAtOnce) {
      // A client that was thrown away counts nothing any more.
      if (!payload.isRunning() || payload.isStale() || this.#consumer !== consumer) return;
      const some = batch.messages.slice(at, at + takenAtOnce);
      const areTaken = await Promise.all(
        some.map(({ offset, timestamp, value }) =>
          this.#options.take({
            key: keyOf(topic, partition, offset, timestamp),
            place: { topic, partition, offset },
            bytes: value,
          }),
        ),
      );
      // In their order: behind one for which there was no room nothing counts as heard.
      const counted = areTaken.includes(false) ? some.slice(0, areTaken.indexOf(false)) : some;
      for (const { offset } of counted) payload.resolveOffset(offset);
      const last = counted.at(-1);
      if (last)
        this.#lags.set(`${topic}/${partition}`, Math.max(0, Number(batch.highWatermark) - Number(last.offset) - 1));
      if (counted.length < some.length) {
        this.#wait(payload);
        return;
      }
      await payload.heartbeat();
      await payload.commitOffsetsIfNecessary();
    }
  }

  /** No more of this partition for now; the client stays in its group. */
  #wait(payload: EachBatchPayload): void {
    const resume = payload.pause();
    this.#waiting += 1;
    setTimeout(() => {
      this.#waiting -= 1;
      resume();
    }, roomAgainMs);
  }
}

/** Leaves the group, or lets go where that takes too long. */
async function leave(consumer: Consumer): Promise<void> {
  const late = new Promise<void>((resolve) => {
    setTimeout(resolve, leaveMs).unref();
  });
  await Promise.race([consumer.disconnect().catch(() => undefined), late]);
}

function saslOf({ mechanism, user, password }: NonNullable<KafkaSettings['signIn']>): SASLOptions {
  // The password leaves its wrapper here and nowhere else.
  return { mechanism, username: user, password: password.reveal() };
}
