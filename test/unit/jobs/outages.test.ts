import { describe, expect, it } from 'vitest';
import { Outages } from '../../../core/jobs/outages.ts';

const host = 'http://scicat.example.org/api/v3';

/** Jobs that ask one after the other, and are not answered. */
function away(jobs: number): Outages {
  const outages = new Outages();
  for (let id = 1; id <= jobs; id += 1) {
    outages.begins(String(id), host);
    outages.answered(String(id), host, false, 0);
    outages.leaves(String(id), host);
  }
  return outages;
}

describe('a SciCat that does not answer', () => {
  it.each([
    [0, true],
    [1, true],
    // One dataset that it never answers about does not hold up the others.
    [2, true],
    [3, false],
  ])('to %i jobs in a row: others may begin is %s', (jobs, mayBegin) => {
    expect(away(jobs).mayBegin(host, 1)).toBe(mayBegin);
    expect(away(jobs).mayBegin('http://other.example.org/api/v3', 1)).toBe(true);
  });

  it('is asked by one job at a time, with growing pauses up to a minute', () => {
    const outages = away(3);
    const asked: number[] = [];
    for (let now = 1000; now <= 300_000; now += 1000) {
      if (!outages.mayBegin(host, now)) continue;
      asked.push(now / 1000);
      outages.begins(`at ${now}`, host);
      expect(outages.mayBegin(host, now), 'a second one at the same time').toBe(false);
      outages.answered(`at ${now}`, host, false, now);
      outages.leaves(`at ${now}`, host);
    }
    expect(asked).toEqual([5, 15, 35, 75, 135, 195, 255]);
  });

  it('is asked by another when one came to nothing, such as for want of its file', () => {
    const outages = away(3);
    outages.begins('4', host);
    outages.leaves('4', host);
    expect(outages.mayBegin(host, 6000)).toBe(true);
  });

  it('is back for all when it has answered one: those that wait for another attempt need not', () => {
    const outages = away(4);
    expect(outages.isBack('1')).toBe(false);
    outages.begins('5', host);
    outages.answered('5', host, true, 6000);
    outages.leaves('5', host);
    expect(outages.mayBegin(host, 6000)).toBe(true);
    expect(['1', '2', '3', '4', '5', '6'].filter((id) => outages.isBack(id))).toEqual(['1', '2', '3', '4']);
    outages.leaves('1', host);
    expect(outages.isBack('1')).toBe(false);
  });
});
