/** Start of image, then a comment segment (ITU-T T.81, B.2.4.5): what follows is the picture as it was. */
const SOI_BYTES = 2;
const COMMENT = 0xfffe;
const LENGTH_BYTES = 2;

/** The same JPEG picture with other bytes: no frame of an exam is sent twice. */
export function distinct(jpeg: Buffer, comment: string): Buffer {
  const text = Buffer.from(comment, 'utf8');
  const head = Buffer.alloc(LENGTH_BYTES + LENGTH_BYTES);
  head.writeUInt16BE(COMMENT, 0);
  head.writeUInt16BE(text.length + LENGTH_BYTES, LENGTH_BYTES);
  return Buffer.concat([jpeg.subarray(0, SOI_BYTES), head, text, jpeg.subarray(SOI_BYTES)]);
}
