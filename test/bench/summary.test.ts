import type { RequestSample } from '../../scripts/bench/requests.js';
import { summariseRequests } from '../../scripts/bench/summary.js';
import { breakDown, shareOutside } from '../../scripts/bench/trace.js';

function sample(wall: number, decode: number, model: number): RequestSample {
  const stages = { decode, detect: model };
  const job = { queued: 0, ran: decode + model, stages, models: { detector: model } };
  const breakdown = breakDown(wall, { served: wall, jobs: [job], storage: 1, comparison: 0, cpu: wall });
  return { wall, cpu: wall / 2, breakdown, outside: shareOutside(wall, breakdown) };
}

it('has medians of times, and of shares request by request', () => {
  const summary = summariseRequests([sample(100, 10, 50), sample(200, 30, 50), sample(1000, 20, 180)]);
  expect(summary).toMatchObject({ samples: 3, wall: 200, cpu: 100, outside: 0.6 });
  expect(Object.fromEntries(summary.steps.map(({ step, ...rest }) => [step, rest]))).toMatchObject({
    decode: { wall: 20, share: 0.1 },
    'model detector': { wall: 50, share: 0.25 },
    'all models': { wall: 50, share: 0.25 },
    storage: { wall: 1, share: 0.005 },
  });
});
