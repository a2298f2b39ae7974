import type { Results } from '../../scripts/bench/results.js';
import { render } from '../../scripts/bench/report.js';
import { verdicts } from '../../scripts/bench/verdicts.js';

function results({
  outside = 0.3,
  speedUp = 1.8,
  growth = 0.01,
  workers = 2,
  quick = false,
}: Partial<{ outside: number; speedUp: number; growth: number; workers: number; quick: boolean }>): Results {
  const spent = { samples: 300, wall: 20, cpu: 18 };
  const steps = [{ step: 'decode', wall: 4, share: 0.1 }];
  const loop = { p50: 0.1, p99: 7.25, max: 12 };
  return {
    measuredAt: '2030-01-01T00:00:00.000Z',
    quick,
    machine: { cpu: 'a processor', cores: 2, node: 'v20', loadBefore: 0.1, loadAfter: 2 },
    rawModels: spent,
    requests: { '/verify': { ...spent, outside, steps } },
    descriptor: spent,
    peers: { 'a peer': { samples: 300, wall: 200, cpu: 180 } },
    pool: {
      workers,
      blocks: 5,
      jobs: 60,
      speedUp,
      perSecond: { one: 20, all: 36 },
      cpu: { one: 40, all: 44 },
      loop,
    },
    load: {
      warmUp: 1000,
      verifications: 5000,
      inFlight: 4,
      perSecond: 30,
      rss: { start: 2 ** 28, end: 2 ** 28 * (1 + growth) },
      growth,
      loop,
    },
  };
}

const passed = (of: Results): (boolean | null)[] => verdicts(of).map((verdict) => verdict.passed);

describe('verdicts', () => {
  it('pass at the limits and not beyond them', () => {
    expect(passed(results({ outside: 0.35, speedUp: 1.7, growth: 0.05 }))).toEqual([true, true, null, true]);
    expect(passed(results({ outside: 0.351 }))[0]).toBe(false);
    expect(passed(results({ speedUp: 1.69 }))[1]).toBe(false);
    expect(passed(results({ growth: 0.051 }))[3]).toBe(false);
  });

  it('are none of a quick run', () => {
    expect(passed(results({ quick: true, outside: 1, speedUp: 0.5, growth: 1 }))).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('say nothing of the throughput of other than two workers', () => {
    expect(passed(results({ workers: 4, speedUp: 1 }))[1]).toBeNull();
  });
});

describe('the report', () => {
  it('has ratios, shares and verdicts in words', () => {
    const text = render(results({ outside: 0.4 }));
    expect(text).toMatch(/decode\s*│ 4\.0 ms\s*│ 10\.0 %\s*│ 0\.20/);
    expect(text).toMatch(/a peer\s*│ 200\.0 ms\s*│ 180\.0 ms\s*│ 0\.10\s*│ 0\.10/);
    expect(text).toMatch(/\/verify: outside[^\n]*40\.0 %[^\n]*<= 35\.0 %[^\n]*over/);
    expect(text).toMatch(/throughput of 2 workers[^\n]*1\.80[^\n]*PASS/);
    expect(text).not.toContain('quick');
  });

  it('says of a quick run that it is one', () => {
    const text = render(results({ quick: true }));
    expect(text).toContain('A quick run');
    expect(text).not.toMatch(/PASS|over │/);
  });

  it('warns of a machine that was busy before', () => {
    const busy = results({});
    expect(render(busy)).not.toContain('not to be trusted');
    expect(render({ ...busy, machine: { ...busy.machine, loadBefore: 9 } })).toContain('not to be trusted');
  });
});
