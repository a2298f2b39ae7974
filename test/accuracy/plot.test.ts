import sharp from 'sharp';
import { detPlot } from '../../scripts/accuracy/plot.js';

/** Path coordinates of the n-th curve. */
function pathOf(svg: string, n = 0): [number, number][] {
  const paths = [...svg.matchAll(/<path [^>]*d="([^"]*)"/g)].map((match) => match[1]!);
  return [...paths[n]!.matchAll(/([\d.]+),([\d.]+)/g)].map((match) => [Number(match[1]), Number(match[2])]);
}

const points = [
  { threshold: -1, fmr: 1, fnmr: 0 },
  { threshold: 0.1, fmr: 0.1, fnmr: 0.001 },
  { threshold: 0.2, fmr: 0.01, fnmr: 0.01 },
  { threshold: 0.3, fmr: 0.001, fnmr: 0.1 },
  { threshold: 1, fmr: 0, fnmr: 1 },
];

describe('DET plot', () => {
  test('equal rates lie equally far from their ends, lower rates to the left and below', () => {
    const drawn = pathOf(detPlot('t', [{ name: 'a', points }]));
    expect(drawn).toHaveLength(3);
    const [[x0, y0], [x1, y1], [x2, y2]] = drawn as [[number, number], [number, number], [number, number]];
    expect(x0).toBeGreaterThan(x1);
    expect(x1).toBeGreaterThan(x2);
    expect(y0).toBeGreaterThan(y1);
    expect(y1).toBeGreaterThan(y2);
    // Probit axes: from 10 % to 1 % is longer than from 1 % to 0.1 %.
    expect(x0 - x1).toBeGreaterThan(x1 - x2);
  });

  test('normal scores of equal deviation make a straight line of slope -1 in probits', () => {
    // Probits of the rates: FMR at 1 + t and FNMR at 1 - t deviations.
    const tails = { '0.5': 0.30854, '1': 0.15866, '1.5': 0.06681 };
    const line = pathOf(
      detPlot('t', [
        {
          name: 'a',
          points: [
            { threshold: 0, fmr: tails['0.5'], fnmr: tails['1.5'] },
            { threshold: 1, fmr: tails['1'], fnmr: tails['1'] },
            { threshold: 2, fmr: tails['1.5'], fnmr: tails['0.5'] },
          ],
        },
      ]),
    ) as [[number, number], [number, number], [number, number]];
    expect(line[0][0] - line[1][0]).toBeCloseTo(line[1][0] - line[2][0], -0.5);
    expect(line[0][1] - line[1][1]).toBeCloseTo(line[1][1] - line[2][1], -0.5);
  });

  test('is an image, and names that look like markup stay names', async () => {
    const svg = detPlot('<script> & co', [{ name: 'a<b', points }]);
    expect(svg).not.toContain('<script>');
    // The engine's workers allow three picture formats in the whole process, and jest runs many files in one.
    sharp.unblock({ operation: ['VipsForeignLoadSvg'] });
    const { data } = await sharp(Buffer.from(svg)).raw().toBuffer({ resolveWithObject: true });
    expect(data.some((value) => value !== 255)).toBe(true);
  });
});
