import sharp from 'sharp';

/** Sensor noise, in grey levels; about what a webcam has in room light. */
const NOISE = 4;

/**
 * A still picture before a camera: every capture is framed a little differently, a little lighter or darker, and
 * noisy, so that no two are the same picture. Portraits stand in for a live student; the service is told nothing of it.
 */
export async function capture(portrait: Buffer, shot: number): Promise<Buffer> {
  const { width, height } = await sharp(portrait).metadata();
  const margin = Math.floor(Math.min(width, height) * 0.04);
  const left = (shot * 7) % (margin + 1);
  const top = (shot * 5) % (margin + 1);
  const size = { width: width - margin, height: height - margin, channels: 3 } as const;
  const noise = await sharp({
    create: { ...size, background: '#000', noise: { type: 'gaussian', mean: 128, sigma: NOISE } },
  })
    .raw()
    .toBuffer();
  return sharp(portrait)
    .extract({ left, top, width: size.width, height: size.height })
    .modulate({ brightness: 1 + ((shot % 5) - 2) * 0.02 })
    .composite([{ input: noise, raw: size, blend: 'soft-light' }])
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** An empty chair: the same noise on a grey wall. */
export function emptyRoom(shot: number): Promise<Buffer> {
  return sharp({
    create: {
      width: 640,
      height: 480,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 120 + (shot % 5), sigma: 12 },
    },
  })
    .jpeg({ quality: 85 })
    .toBuffer();
}
