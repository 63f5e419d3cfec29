/** A sound message of a file writer, as its schema has it: slots 0 service_id, 1 job_id, 3 file_name. */
export function wrdnMessage(fileName, jobId = '00000000-0000-4000-8000-000000000000') {
  const texts = ['filewriter:1', jobId, fileName].map((text) => Buffer.from(text));
  // Root offset, identifier, vtable of four slots, and the table: the way to the vtable, then three offsets.
  const head = Buffer.alloc(36);
  head.writeUInt32LE(20, 0);
  head.write('wrdn', 4, 'latin1');
  [12, 16, 4, 8, 0, 12].forEach((value, index) => head.writeUInt16LE(value, 8 + 2 * index));
  head.writeInt32LE(12, 20);
  const parts = [head];
  let end = head.length;
  for (const [index, text] of texts.entries()) {
    const place = 24 + 4 * index;
    head.writeUInt32LE(end - place, place);
    const part = Buffer.alloc(4 + Math.ceil((text.length + 1) / 4) * 4);
    part.writeUInt32LE(text.length, 0);
    text.copy(part, 4);
    parts.push(part);
    end += part.length;
  }
  return Buffer.concat(parts);
}
