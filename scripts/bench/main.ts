import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { startChild } from './child.js';
import { RestClient } from './client.js';
import type { Spent } from './clocks.js';
import type { EngineQuestions } from './engine.js';
import { measureExam, renderExam } from './exam/main.js';
import { interleave, type Variant } from './interleave.js';
import { measureLms, renderLms } from './lms/main.js';
import { load } from './load.js';
import type { PeerQuestions } from './peer.js';
import { pictures } from './pictures.js';
import { measurePool } from './pool.js';
import { render } from './report.js';
import { measured, type RequestSample } from './requests.js';
import type { Results } from './results.js';
import { frame, requireMatch, signedInAgain, sitting, verification, verify } from './scenario.js';
import type { ServerQuestions } from './server.js';
import { summarise, summariseRequests } from './summary.js';
import { measureSwap, renderSwap } from './swap/main.js';

const USAGE = `npm run bench -- [--exam | --lms | --swap] [--quick] [--out FILE]

  --exam        how many students one node keeps up with, instead of what a request costs
  --lms         what it takes to synchronise 200 courses and 20,000 students
  --swap        how long after another person sits down a teacher's page says so
  --quick       a short run that judges nothing
  --out FILE    everything that was measured, as JSON`;

/** `hot` requests come before everything: the service's main thread is compiled by then. */
const FULL = {
  hot: 200,
  rounds: 300,
  warmUp: 20,
  blocks: 5,
  jobs: 60,
  loadWarmUp: 1000,
  verifications: 5000,
};
const QUICK = { hot: 50, rounds: 20, warmUp: 5, blocks: 2, jobs: 20, loadWarmUp: 100, verifications: 200 };

const VERIFY = '/biometrics/face_verify';
const MONITOR = '/biometrics/monitoring_face/';
const PEERS = { '@vladmandic/face-api': 'face-api.ts', '@vladmandic/human': 'human.ts' };

/** Nothing to say to a question without input. */
const NOTHING = undefined as never;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      exam: { type: 'boolean' },
      lms: { type: 'boolean' },
      swap: { type: 'boolean' },
      quick: { type: 'boolean' },
      out: { type: 'string' },
    },
  });
  const quick = values.quick ?? false;
  if (values.exam) {
    const results = await measureExam(quick);
    process.stdout.write(renderExam(results));
    keep(results, values.out);
    return;
  }
  if (values.lms) {
    const results = await measureLms(quick);
    process.stdout.write(renderLms(results));
    keep(results, values.out);
    return;
  }
  if (values.swap) {
    const results = await measureSwap(quick);
    process.stdout.write(renderSwap(results));
    keep(results, values.out);
    return;
  }
  const size = quick ? QUICK : FULL;
  const loadBefore = loadavg()[0] ?? 0;
  const workers = availableParallelism();
  const { reference, probe, frames } = await pictures(size.rounds + size.warmUp);

  const server = startChild<ServerQuestions>('server.ts');
  const engine = startChild<EngineQuestions>('engine.ts');
  const peers = Object.entries(PEERS).map(([name, script]) => ({
    name,
    process: startChild<PeerQuestions>(script),
  }));
  const { port } = await server.ask('start', NOTHING);
  const rest = new RestClient(port);
  const { examId, students } = await sitting(rest, { reference, probe }, workers * 2);
  const [student] = students;
  if (!student) throw new Error('Nobody sits the exam');
  await engine.ask('start', { workers, reference, probe });
  for (const peer of peers) await peer.process.ask('start', reference);

  const verifying = verification(examId, student, probe);
  for (let n = 0; n < size.hot; n++) await verify(rest, verifying);
  const descriptors: Variant<Spent>[] = [
    { name: 'raw models', measure: () => engine.ask('raw', NOTHING) },
    { name: 'descriptor', measure: () => engine.ask('descriptor', probe) },
    ...peers.map(({ name, process }) => ({ name, measure: () => process.ask('descriptor', probe) })),
  ];
  const requests: Variant<RequestSample>[] = [
    { name: VERIFY, measure: () => measured(rest, server, verifying, requireMatch) },
    {
      name: MONITOR,
      measure: (round) => measured(rest, server, frame(examId, student, frames[round] ?? probe)),
    },
  ];
  const samples = await interleave<Spent>([...requests, ...descriptors], size, progress('rounds'));
  const spent = (name: string): Spent[] => samples.get(name) ?? [];
  for (const peer of peers) await peer.process.stop();

  const pool = await measurePool(engine, probe, { workers, blocks: size.blocks, jobs: size.jobs });
  await engine.stop();

  const fresh = await Promise.all(students.map((each) => signedInAgain(rest, each)));
  const loaded = await load(
    rest,
    server,
    fresh.map((each) => verification(examId, each, probe)),
    requireMatch,
    { warmUp: size.loadWarmUp, verifications: size.verifications },
    progress('verifications'),
  );
  rest.close();
  await server.stop();

  const results: Results = {
    measuredAt: new Date().toISOString(),
    quick,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: workers,
      node: process.version,
      loadBefore,
      loadAfter: loadavg()[0] ?? 0,
    },
    rawModels: summarise(spent('raw models')),
    requests: Object.fromEntries(
      // What `measured` answered.
      requests.map(({ name }) => [name, summariseRequests(spent(name) as RequestSample[])]),
    ),
    descriptor: summarise(spent('descriptor')),
    peers: Object.fromEntries(peers.map(({ name }) => [name, summarise(spent(name))])),
    pool,
    load: loaded,
  };
  process.stdout.write(`${render(results)}\n`);
  keep(results, values.out);
}

/** Everything that was measured, as JSON. */
function keep(results: unknown, file: string | undefined): void {
  if (file === undefined) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

/** Says on stderr how far it is, at every tenth. */
function progress(what: string): (done: number, of: number) => void {
  return (done, of) => {
    const step = (n: number): number => Math.floor((n * 10) / of);
    if (step(done) > step(done - 1)) process.stderr.write(`${done} of ${of} ${what}\n`);
  };
}

main().catch((error: unknown) => {
  const usage = error instanceof TypeError && 'code' in error;
  console.error(usage ? `${error.message}\n\n${USAGE}` : error);
  process.exit(usage ? 2 : 1);
});
