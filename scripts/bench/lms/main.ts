import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import Table from 'cli-table3';
import { startChild } from '../child.js';
import type { RunCost, ServiceQuestions } from './service.js';
import type { SiteQuestions, University } from './site.js';

const FULL: University = { courses: 200, students: 20_000, coursesEach: 2 };
const QUICK: University = { courses: 10, students: 500, coursesEach: 2 };
const NOTHING = undefined as never;
const MIB = 1024 * 1024;

export interface LmsResults {
  measuredAt: string;
  cpu: string;
  university: University;
  /** One minute's load when it began. */
  loadBefore: number;
  /** Whether the service was held to one core. */
  oneCore: boolean;
  runs: { name: string; cost: RunCost }[];
}

/** How long a service on one core takes to synchronise a university, again when nothing has changed, and with the feed. */
export async function measureLms(quick: boolean): Promise<LmsResults> {
  const university = quick ? QUICK : FULL;
  const loadBefore = loadavg()[0] ?? 0;
  const site = startChild<SiteQuestions>('lms/site.ts');
  const { url } = await site.ask('start', university);
  const runs: LmsResults['runs'] = [];
  let oneCore = true;
  for (const plugin of [false, true]) {
    await site.ask('setPlugin', plugin);
    const service = startChild<ServiceQuestions>('lms/service.ts');
    oneCore = holdToOneCore(service.pid) && oneCore;
    await service.ask('start', NOTHING);
    const connection = await service.ask('connect', { url, all: !plugin });
    const how = plugin ? 'with the change feed' : 'without the plugin';
    for (const name of [`first, ${how}`, `nothing changed, ${how}`]) {
      const cost = await service.ask('sync', connection);
      runs.push({ name, cost });
      process.stderr.write(`${name}: ${(cost.wall / 1000).toFixed(1)} s\n`);
    }
    await service.stop();
  }
  await site.stop();
  const measuredAt = new Date().toISOString();
  return { measuredAt, cpu: cpus()[0]?.model ?? 'unknown', university, loadBefore, oneCore, runs };
}

/** False where this system has no `taskset`. */
function holdToOneCore(pid: number): boolean {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', '0', String(pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export function renderLms({ university, loadBefore, oneCore, runs, cpu }: LmsResults): string {
  const table = new Table({
    head: ['sync', 'time', 'CPU', 'requests', 'written', 'resident set before → peak'],
    style: { head: [], border: [] },
  });
  for (const { name, cost } of runs) {
    const written = Object.values(cost.counts).reduce((sum, count) => sum + count, 0);
    const mib = (bytes: number): string => `${(bytes / MIB).toFixed(0)} MiB`;
    table.push([
      name,
      `${(cost.wall / 1000).toFixed(1)} s`,
      `${(cost.cpu / 1000).toFixed(1)} s`,
      cost.requests,
      written,
      `${mib(cost.rss.before)} → ${mib(cost.rss.peak)}`,
    ]);
  }
  const { courses, students, coursesEach } = university;
  const where = oneCore ? 'held to one core' : 'on all cores: there is no taskset here';
  return [
    `${courses} courses, ${students} students in ${coursesEach} courses each; the service ${where} of ${cpu}.`,
    `The fake Moodle is another process. Load when it began: ${loadBefore.toFixed(1)}.`,
    table.toString(),
    '',
  ].join('\n');
}
