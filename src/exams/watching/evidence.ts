import sharp from 'sharp';

/** Enough to recognise a person and a room by, and no more than that. */
const LONGEST_SIDE = 1280;
const QUALITY = 85;

export const EVIDENCE_TYPE = 'image/jpeg';

/**
 * A frame as it is kept with an alert: upright, without metadata (a phone writes where it is into every picture).
 * @param image bytes that the engine could read, so no larger than its caps
 */
export async function evidenceOf(image: Uint8Array): Promise<Buffer> {
  return sharp(image, { failOn: 'none' })
    .autoOrient()
    .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: { r: 127, g: 127, b: 127 } })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}
