import sharp from 'sharp';

/**
 * A still picture before a camera, for machines that have none. Every capture is framed a little differently, a
 * little lighter or darker, and noisy: the same picture twice would rightly be reported as a replay.
 */
export class Camera {
  #shot = 0;

  constructor(private readonly picture: string) {}

  /** A JPEG. */
  async capture(): Promise<Buffer> {
    const shot = this.#shot++;
    const { width, height } = await sharp(this.picture).metadata();
    const margin = Math.floor(Math.min(width, height) / 25);
    const size = { width: width - margin, height: height - margin };
    const noise = await sharp({
      create: { ...size, channels: 3, background: '#000', noise: { type: 'gaussian', mean: 128, sigma: 4 } },
    })
      .png()
      .toBuffer();
    return sharp(this.picture)
      .extract({ left: (shot * 7) % (margin + 1), top: (shot * 5) % (margin + 1), ...size })
      .modulate({ brightness: 1 + ((shot % 5) - 2) * 0.02 })
      .composite([{ input: noise, blend: 'soft-light' }])
      .jpeg({ quality: 85 })
      .toBuffer();
  }
}
