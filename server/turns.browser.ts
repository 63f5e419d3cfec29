import type * as turns from './turns.ts';

export const nextTurn: typeof turns.nextTurn = () =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });

export const afterwards: typeof turns.afterwards = (milliseconds, work) => {
  setTimeout(work, milliseconds);
};
