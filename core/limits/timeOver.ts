/** Work that was ended because its time was over. */
export class TimeOver extends Error {
  override readonly name = 'TimeOver';
}
