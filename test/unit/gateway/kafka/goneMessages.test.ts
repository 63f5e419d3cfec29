import { expect, it } from 'vitest';
import { goneMessages, keyOf } from '../../../../gateway/kafka/goneMessages.ts';

function broker(
  lows: Readonly<Record<string, readonly string[]>>,
): Parameters<typeof goneMessages>[0] & { open: number } {
  const admin = {
    open: 0,
    connect: () => {
      admin.open += 1;
      return Promise.resolve();
    },
    disconnect: () => {
      admin.open -= 1;
      return Promise.resolve();
    },
    fetchTopicOffsets: (topic: string) => {
      const found = lows[topic];
      if (!found) return Promise.reject(new Error('This server does not host this topic-partition'));
      return Promise.resolve(found.map((low, partition) => ({ partition, low, high: '900', offset: '900' })));
    },
  };
  return admin;
}

it('a message is gone when its partition begins behind it, and nothing else is', async () => {
  const admin = broker({ loki: ['100', '0'], nmx: ['5'] });
  const isGone = await goneMessages(admin, ['loki', 'nmx']);
  const keys: readonly (readonly [string, boolean])[] = [
    [keyOf('loki', 0, '99', '1700000000000'), true],
    [keyOf('loki', 0, '9', '1700000000000'), true],
    [keyOf('loki', 0, '100', '1700000000000'), false],
    [keyOf('loki', 1, '0', '1700000000000'), false],
    [keyOf('loki', 2, '0', '1700000000000'), false],
    [keyOf('nmx', 0, '4', '-1'), true],
    [keyOf('freia', 0, '4', '-1'), false],
    ['/data/loki/0/4@12@1700000000000.5', false],
    ['queue/0b0c', false],
    ['', false],
  ];
  expect(keys.map(([key]) => [key, isGone(key)])).toEqual(keys);
  expect(admin.open).toBe(0);
});

it('it is not known where the broker does not say where its topics begin', async () => {
  const admin = broker({});
  await expect(goneMessages(admin, ['loki'])).rejects.toThrow('does not host');
  expect(admin.open).toBe(0);
});
