import fc from 'fast-check';
import { breakDown, shareOutside, sum, type RequestTrace } from '../../scripts/bench/trace.js';

const trace: RequestTrace = {
  served: 95,
  jobs: [
    {
      queued: 1,
      ran: 70,
      stages: { hash: 1, decode: 10, detect: 25, embed: 30 },
      models: { detector: 20, recogniser: 28 },
    },
  ],
  storage: 6,
  comparison: 0.5,
  cpu: 90,
};

describe('where a request spends its time', () => {
  it('adds up to what the client waited', () => {
    const { models, ...parts } = breakDown(100, trace);
    expect(models).toEqual({ detector: 20, recogniser: 28 });
    expect(parts).toEqual({
      decode: 10,
      preparation: 8,
      handover: 5,
      comparison: 0.5,
      storage: 6,
      rest: 17.5,
      wire: 5,
    });
    expect(sum(models) + sum(parts)).toBeCloseTo(100, 9);
  });

  it('adds up for any request of any number of jobs', () => {
    const time = fc.double({ min: 0, max: 1000, noNaN: true });
    const times = fc.dictionary(fc.constantFrom('decode', 'detect', 'embed', 'pose'), time);
    const job = fc.record({ queued: time, ran: time, stages: times, models: times });
    const traces = fc.record({
      served: time,
      jobs: fc.array(job, { maxLength: 3 }),
      storage: time,
      comparison: time,
      cpu: time,
    });
    fc.assert(
      fc.property(traces, time, (any, wall) => {
        const { models, ...parts } = breakDown(wall, any);
        expect(sum(models) + sum(parts)).toBeCloseTo(wall, 6);
      }),
    );
  });
});

describe('the share outside decoding and models', () => {
  it('is what neither of them took', () => {
    expect(shareOutside(100, breakDown(100, trace))).toBeCloseTo(0.42, 9);
    expect(shareOutside(50, { decode: 10, models: { one: 40 } })).toBe(0);
    expect(shareOutside(50, { decode: 0, models: {} })).toBe(1);
  });
});
