import type { Admin } from 'kafkajs';

type Topics = Pick<Admin, 'connect' | 'disconnect' | 'fetchTopicOffsets'>;

/** How a message is told from all others. */
export function keyOf(topic: string, partition: number, offset: string, timestamp: string): string {
  return `${topic}/${partition}/${offset}@${timestamp}`;
}

const messageKey = /^([^/]+\/\d+)\/(\d+)@/;

/**
 * Which messages nobody can be given again, wherever a group begins to read: those before the first that a partition
 * still keeps. How long it keeps them is another thing at each facility, and may be for ever; so the broker is asked.
 * @returns whether a message is surely gone; of topics that are not asked for, none is
 * @throws Error where the broker does not answer
 */
export async function goneMessages(admin: Topics, topics: readonly string[]): Promise<(key: string) => boolean> {
  const first = new Map<string, number>();
  try {
    await admin.connect();
    for (const topic of topics)
      for (const { partition, low } of await admin.fetchTopicOffsets(topic))
        first.set(`${topic}/${partition}`, Number(low));
  } finally {
    await admin.disconnect();
  }
  return (key) => {
    const [, partition = '', offset = ''] = messageKey.exec(key) ?? [];
    return offset !== '' && Number(offset) < (first.get(partition) ?? 0);
  };
}
