import { Unzlib } from 'fflate';
import type * as inflate_ from './inflate.ts';

export const inflate: typeof inflate_.inflate = (bytes, most) => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const stream = new Unzlib((piece) => {
    length += piece.length;
    if (length > most) throw new RangeError('more was packed than there should be');
    pieces.push(piece);
  });
  stream.push(bytes, true);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};
