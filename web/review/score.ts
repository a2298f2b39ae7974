import { h } from '../lib/dom.js';
import { say } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 240;
const HEIGHT = 26;
const BAR = 10;

function part(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** What is measured, and on which side of the threshold it was to be. */
export interface Measured {
  score: number;
  threshold: number;
  /** `LIKENESS`: at least the threshold is well; `EVIDENCE`: at least the threshold is an alert. */
  kind: 'LIKENESS' | 'EVIDENCE';
}

/** A score against its threshold: drawn, and the same in words. */
export function scoreFigure({ score, threshold, kind }: Measured): HTMLElement {
  const words =
    kind === 'LIKENESS'
      ? say().likeness(round(score), round(threshold), score >= threshold)
      : say().evidence(round(score), round(threshold));
  const least = Math.min(0, score);
  const most = kind === 'LIKENESS' ? Math.max(1, score) : Math.max(threshold * 1.5, score);
  const x = (value: number): number => ((value - least) / (most - least)) * WIDTH;
  const svg = part('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    class: 'score',
    preserveAspectRatio: 'xMinYMid meet',
    'aria-hidden': 'true',
  });
  const y = (HEIGHT - BAR) / 2;
  svg.append(
    part('rect', { class: 'score-ground', x: 0, y, width: WIDTH, height: BAR, rx: BAR / 2 }),
    part('rect', { class: 'score-value', x: 0, y, width: Math.max(x(score), 3), height: BAR, rx: BAR / 2 }),
    part('line', { class: 'score-threshold', x1: x(threshold), x2: x(threshold), y1: 1, y2: HEIGHT - 1 }),
  );
  return h('figure', { class: 'measure' }, svg as Node as HTMLElement, h('figcaption', {}, words));
}

const round = (value: number): string => value.toFixed(2);
