import Table from 'cli-table3';
import type { Results } from './results.js';
import type { SpentSummary } from './summary.js';
import { verdicts } from './verdicts.js';

const MIB = 2 ** 20;

/** The results as text. */
export function render(results: Results): string {
  const { machine, quick, rawModels } = results;
  const busy = Math.max(machine.loadBefore - 1, 0) > machine.cores / 2;
  return [
    `${machine.cpu}, ${machine.cores} cores, node ${machine.node}, ${results.measuredAt}`,
    `load average ${machine.loadBefore.toFixed(1)} before, ${machine.loadAfter.toFixed(1)} after`,
    ...(busy ? ['Something else is using this machine: figures are not to be trusted.'] : []),
    ...(quick ? ['A quick run: too short to judge anything by.'] : []),
    '',
    `Baseline: the models of one verification, back to back on prepared tensors in a worker: ` +
      `${ms(rawModels.wall)} wall, ${ms(rawModels.cpu)} CPU (median of ${rawModels.samples})`,
    '',
    ...Object.keys(results.requests).flatMap((path) => [requestTable(path, results), '']),
    peerTable(results),
    '',
    poolAndLoad(results),
    '',
    verdictTable(results),
    '',
  ].join('\n');
}

function requestTable(path: string, { requests, rawModels }: Results): string {
  const summary = requests[path];
  if (!summary) return '';
  const rows = summary.steps.map(({ step, wall, share }) => [
    step,
    ms(wall),
    percent(share),
    ratio(wall / rawModels.wall),
  ]);
  const whole = ['whole request, wall', ms(summary.wall), percent(1), ratio(summary.wall / rawModels.wall)];
  const cpu = ['CPU of the server', ms(summary.cpu), '', `${ratio(summary.cpu / rawModels.cpu)} of its CPU`];
  return `POST ${path}, median of ${summary.samples}\n${table(
    ['step', 'median', 'share', '× raw models'],
    [...rows, whole, cpu],
  )}`;
}

function peerTable({ descriptor, peers }: Results): string {
  const row = (name: string, spent: SpentSummary): string[] => [
    name,
    ms(spent.wall),
    ms(spent.cpu),
    ratio(descriptor.wall / spent.wall),
    ratio(descriptor.cpu / spent.cpu),
  ];
  return `Detection, landmarks, descriptor and comparison of one picture, from its JPEG\n${table(
    ['by', 'wall', 'CPU', 'ours / theirs, wall', 'CPU'],
    [
      row('Probity, one worker', descriptor),
      ...Object.entries(peers).map(([name, spent]) => row(name, spent)),
    ],
  )}`;
}

function poolAndLoad({ pool, load }: Results): string {
  return table(
    ['the pool and the service under load', ''],
    [
      ['jobs a second, 1 worker', pool.perSecond.one.toFixed(1)],
      [`jobs a second, ${pool.workers} workers`, pool.perSecond.all.toFixed(1)],
      ['throughput, ratio', ratio(pool.speedUp)],
      [`CPU a job, ${pool.workers} workers / 1`, ratio(pool.cpu.all / pool.cpu.one)],
      ["event loop at the engine's door, late by p50 / p99 / max", late(pool.loop)],
      [`verifications a second through REST, ${load.inFlight} in flight`, load.perSecond.toFixed(1)],
      ['event loop of the service, late by p50 / p99 / max', late(load.loop)],
      [`RSS after ${load.warmUp} verifications`, `${(load.rss.start / MIB).toFixed(1)} MiB`],
      [`RSS after ${load.verifications} more`, `${(load.rss.end / MIB).toFixed(1)} MiB`],
    ],
  );
}

function verdictTable(results: Results): string {
  return table(
    ['promised', 'measured', 'limit', 'verdict'],
    verdicts(results).map(({ what, measured, limit, passed }) => [
      what,
      measured,
      limit,
      passed === null ? '-' : passed ? 'PASS' : 'over',
    ]),
  );
}

function table(head: string[], rows: string[][]): string {
  const made = new Table({ head, style: { head: [], border: [] } });
  made.push(...rows);
  return made.toString();
}

function late({ p50, p99, max }: { p50: number; p99: number; max: number }): string {
  return [p50, p99, max].map(ms).join(' / ');
}

function ms(value: number): string {
  return `${value.toFixed(value < 1 ? 3 : 1)} ms`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function ratio(value: number): string {
  return value.toFixed(value < 0.1 ? 3 : 2);
}
