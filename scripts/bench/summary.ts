import { median } from 'simple-statistics';
import type { Spent } from './clocks.js';
import type { RequestSample } from './requests.js';
import { sum } from './trace.js';

/** Medians, in milliseconds. */
export interface SpentSummary extends Spent {
  samples: number;
}

export interface StepSummary {
  step: string;
  /** Median milliseconds. */
  wall: number;
  /** Median share of the request, 0..1. */
  share: number;
}

export interface RequestSummary extends SpentSummary {
  /** Median share outside JPEG decoding and the models' own runs, 0..1. */
  outside: number;
  steps: StepSummary[];
}

export function summarise(samples: readonly Spent[]): SpentSummary {
  return {
    samples: samples.length,
    wall: median(samples.map(({ wall }) => wall)),
    cpu: median(samples.map(({ cpu }) => cpu)),
  };
}

/** Where requests spend their time, in the order they pass through. */
export function summariseRequests(samples: readonly RequestSample[]): RequestSummary {
  const ids = [...new Set(samples.flatMap(({ breakdown }) => Object.keys(breakdown.models)))];
  const step = (name: string, of: (sample: RequestSample) => number): StepSummary => ({
    step: name,
    wall: median(samples.map(of)),
    share: median(samples.map((sample) => of(sample) / sample.wall)),
  });
  return {
    ...summarise(samples),
    outside: median(samples.map(({ outside }) => outside)),
    steps: [
      step('decode', ({ breakdown }) => breakdown.decode),
      ...ids.map((id) => step(`model ${id}`, ({ breakdown }) => breakdown.models[id] ?? 0)),
      step('all models', ({ breakdown }) => sum(breakdown.models)),
      step('preparation in the worker', ({ breakdown }) => breakdown.preparation),
      step('hand-over between threads', ({ breakdown }) => breakdown.handover),
      step('comparison', ({ breakdown }) => breakdown.comparison),
      step('storage', ({ breakdown }) => breakdown.storage),
      step('rest of the server', ({ breakdown }) => breakdown.rest),
      step('socket and client', ({ breakdown }) => breakdown.wire),
    ],
  };
}
