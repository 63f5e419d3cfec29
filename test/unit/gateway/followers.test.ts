import { expect, it } from 'vitest';
import { Followers } from '../../../gateway/protocols/openem/extractions.ts';

it('an extraction is alone when the last one has left, unless somebody comes back for it', async () => {
  const followers = new Followers();
  followers.add('1');
  followers.add('1');
  expect([followers.remove('1'), followers.remove('1')]).toEqual([false, true]);
  await followers.keep('2', () => Promise.resolve(true));
  followers.add('2');
  expect(followers.remove('2')).toBe(false);
});

it('those that have ended are not kept, however many come', async () => {
  const followers = new Followers();
  const looked: string[] = [];
  const isOpen = (id: string): Promise<boolean> => {
    looked.push(id);
    return Promise.resolve(false);
  };
  for (let id = 0; id < 1000; id++) await followers.keep(String(id), isOpen);
  expect(new Set(looked).size).toBe(999);
  expect(looked).toHaveLength(999);
});
