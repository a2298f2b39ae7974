/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import { probit } from 'simple-statistics';
import type { OperatingPoint } from './distribution.js';

const WIDTH = 720;
const HEIGHT = 640;
const MARGIN = { left: 80, right: 20, top: 40, bottom: 60 };
/** Rates on the axes. */
const LOWEST = 1e-6;
const HIGHEST = 0.5;
const TICKS = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.05, 0.2, 0.5];
const COLOURS = ['#1b6ca8', '#c0392b', '#27823b', '#7d3c98', '#b9770e'];

export interface Curve {
  name: string;
  points: OperatingPoint[];
}

/**
 * A detection error trade-off plot as SVG: FMR across, FNMR up, both on normal deviate (probit) axes (Martin et al.
 * 1997; ISO/IEC 19795-1). A rate of zero has no place on such axes and is left out.
 */
export function detPlot(title: string, curves: Curve[]): string {
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    text(WIDTH / 2, 22, title, 'middle', 15),
    ...TICKS.flatMap((rate) => [
      line(across(rate), MARGIN.top, across(rate), HEIGHT - MARGIN.bottom),
      line(MARGIN.left, up(rate), WIDTH - MARGIN.right, up(rate)),
      text(across(rate), HEIGHT - MARGIN.bottom + 18, label(rate), 'middle'),
      text(MARGIN.left - 8, up(rate) + 4, label(rate), 'end'),
    ]),
    text((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 16, 'false match rate', 'middle', 13),
    `<text transform="translate(20 ${(MARGIN.top + HEIGHT - MARGIN.bottom) / 2}) rotate(-90)" text-anchor="middle" font-size="13">false non-match rate</text>`,
    ...curves.flatMap(({ name, points }, index) => {
      const colour = COLOURS[index % COLOURS.length]!;
      const y = MARGIN.top + 18 + index * 18;
      return [
        `<path fill="none" stroke="${colour}" stroke-width="1.8" d="${path(points)}"/>`,
        `<line x1="${WIDTH - 250}" y1="${y - 4}" x2="${WIDTH - 226}" y2="${y - 4}" stroke="${colour}" stroke-width="3"/>`,
        text(WIDTH - 220, y, name, 'start'),
      ];
    }),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

/** 0 at LOWEST, 1 at HIGHEST. */
const share = (rate: number): number => (probit(rate) - probit(LOWEST)) / (probit(HIGHEST) - probit(LOWEST));
const across = (rate: number): number =>
  round(MARGIN.left + share(rate) * (WIDTH - MARGIN.left - MARGIN.right));
const up = (rate: number): number =>
  round(HEIGHT - MARGIN.bottom - share(rate) * (HEIGHT - MARGIN.top - MARGIN.bottom));
const round = (value: number): number => Math.round(value * 10) / 10;
const label = (rate: number): string => (rate >= 1e-2 ? `${rate * 100} %` : rate.toExponential());

function path(points: OperatingPoint[]): string {
  const drawn = points
    .filter(({ fmr, fnmr }) => [fmr, fnmr].every((rate) => rate >= LOWEST && rate <= HIGHEST))
    .map(({ fmr, fnmr }) => `${across(fmr)},${up(fnmr)}`);
  // Thousands of bins fall on the same tenth of a pixel.
  const distinct = drawn.filter((point, index) => point !== drawn[index - 1]);
  return distinct.length === 0 ? '' : `M${distinct.join('L')}`;
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#ddd"/>`;
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', size = 12): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}">${escaped}</text>`;
}
