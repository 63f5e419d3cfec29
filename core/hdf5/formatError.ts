/** What a file holds is not what the HDF5 format says, or is a part of the format that is not known here. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}
