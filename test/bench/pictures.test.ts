import sharp from 'sharp';
import { aside, pictures } from '../../scripts/bench/pictures.js';

describe('the pictures that are measured with', () => {
  it('are 640x480 JPEGs, the same every time, and no two frames are equal', async () => {
    const [first, second] = [await pictures(3), await pictures(3)];
    const all = [first.reference, first.probe, ...first.frames];
    for (const picture of all) {
      expect(await sharp(picture).metadata()).toMatchObject({ format: 'jpeg', width: 640, height: 480 });
    }
    expect(new Set(all.map((picture) => picture.toString('base64'))).size).toBe(5);
    expect(second).toEqual(first);
  });

  it('have the person at another place in every frame of a run', () => {
    const places = Array.from({ length: 1000 }, (_, n) => aside(n));
    expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBe(1000);
    for (const { x, y } of places) {
      expect(Math.abs(x)).toBeLessThanOrEqual(60);
      expect(Math.abs(y)).toBeLessThanOrEqual(12);
    }
  });
});
