import { open } from 'node:fs/promises';
import sharp from 'sharp';

/** Of a film, as a camera gives it. */
const WIDTH = 640;
const HEIGHT = 480;
export const FILM_FPS = 2;

/**
 * A film for a browser's fake camera (`--use-file-for-fake-video-capture`): YUV4MPEG2, 4:2:0. The pictures are any that sharp
 * reads; each is shown for half a second.
 */
export async function writeFilm(path: string, pictures: AsyncIterable<Buffer>): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.write(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FILM_FPS}:1 Ip A1:1 C420jpeg\n`);
    for await (const picture of pictures) {
      await file.write('FRAME\n');
      await file.write(await yuv(picture));
    }
  } finally {
    await file.close();
  }
}

/** ITU-R BT.601; a plane of luma, and two of chroma at half the width and height. */
async function yuv(picture: Buffer): Promise<Buffer> {
  const rgb = await sharp(picture)
    .resize(WIDTH, HEIGHT, { fit: 'contain', background: '#777' })
    .removeAlpha()
    .raw()
    .toBuffer();
  const planes = Buffer.alloc((WIDTH * HEIGHT * 3) / 2);
  const chroma = WIDTH * HEIGHT;
  const quarter = chroma / 4;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const at = (y * WIDTH + x) * 3;
      const [r, g, b] = [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
      planes[y * WIDTH + x] = 16 + 0.257 * r + 0.504 * g + 0.098 * b;
      if (x % 2 || y % 2) continue;
      const small = (y / 2) * (WIDTH / 2) + x / 2;
      planes[chroma + small] = 128 - 0.148 * r - 0.291 * g + 0.439 * b;
      planes[chroma + quarter + small] = 128 + 0.439 * r - 0.368 * g - 0.071 * b;
    }
  }
  return planes;
}
