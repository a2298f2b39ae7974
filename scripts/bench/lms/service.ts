import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RefreshPolicy } from '../../../src/grpc/gen/probity/identity/v1/authentication_service.js';
import { LmsKind } from '../../../src/grpc/gen/probity/lms/v1/lms_service.js';
import {
  LmsSyncState,
  LmsWatch,
  type LmsSync,
} from '../../../src/grpc/gen/probity/lms/v1/lms_sync_service.js';
import { answer } from '../child.js';
import { stopwatch } from '../clocks.js';
import { ROOT } from '../paths.js';
import { app, configuration, telemetry } from '../product.js';

/** The service with one worker, in a process of its own, which synchronises what it is told to. */

/** More than a real site should be asked: what is measured is what our side takes. */
const REQUESTS_PER_SECOND = 1_000;
const LOOK_EVERY_MS = 50;

export interface RunCost {
  /** Milliseconds. */
  wall: number;
  cpu: number;
  requests: number;
  /** Things that were written, by what became of them. */
  counts: Record<string, number>;
  /** Bytes: the resident set when the run began, and the most of it during the run. */
  rss: { before: number; peak: number };
}

const dataDir = mkdtempSync(join(tmpdir(), 'probity-bench-'));
const service = app.createApp(
  configuration.loadConfig({
    PROBITY_ROLES: 'grpc',
    PROBITY_GRPC_PORT: '0',
    PROBITY_WORKERS: '1',
    PROBITY_DATA_DIR: dataDir,
    PROBITY_MODELS_DIR: join(ROOT, 'models'),
    PROBITY_ORGANISATIONS: 'UCY',
    PROBITY_OUTBOUND: 'yes',
    PROBITY_OUTBOUND_ALLOW: '127.0.0.1',
    PROBITY_LMS_REQUESTS_PER_SECOND: String(REQUESTS_PER_SECOND),
    PROBITY_DRAIN_SECONDS: '1',
  }),
  { log: telemetry.createLog('warn') },
);

/** The password that the first start made. */
function firstAdmin(): { email: string; password: string } {
  const text = readFileSync(join(dataDir, 'initial-admins.json'), 'utf8');
  const [admin] = JSON.parse(text) as { email: string; password: string }[];
  if (!admin) throw new Error('Nobody administers the service');
  return admin;
}

async function signIn(): Promise<{ token: string }> {
  const { core } = await service;
  const { email, password } = firstAdmin();
  const who = { organisation: 'organisations/UCY', email, password };
  const { accessToken } = await core.authentication.logIn({
    ...who,
    refreshPolicy: RefreshPolicy.REFRESH_POLICY_ROTATING,
  });
  return { token: accessToken };
}

const questions = {
  async start(): Promise<void> {
    await (await service).start();
  },
  /** Connects a site and says what is to be watched in it; answers the connection. */
  async connect({ url, all }: { url: string; all: boolean }): Promise<string> {
    const { core } = await service;
    const caller = await signIn();
    const site = { kind: LmsKind.LMS_KIND_MOODLE, displayName: 'Moodle', address: url, token: 'fake-token' };
    const { name } = await core.lms.connectLms(site, caller);
    const watch = all ? LmsWatch.LMS_WATCH_ALL : LmsWatch.LMS_WATCH_PLUGIN;
    const settings = { name: `${name}/syncSettings`, schedule: '', watch, courseIds: [], graceDays: 7 };
    await core.lmsSyncs.updateSyncSettings({ settings: { ...settings, nextTime: undefined } }, caller);
    return name;
  },
  async sync(connection: string): Promise<RunCost> {
    const { core } = await service;
    const caller = await signIn();
    const before = process.memoryUsage.rss();
    let peak = before;
    const look = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), LOOK_EVERY_MS);
    const watch = stopwatch();
    let last: LmsSync | undefined;
    for await (const { sync } of core.lmsSyncs.syncConnection({ connection }, caller)) last = sync;
    const { wall, cpu } = watch();
    clearInterval(look);
    if (last?.state !== LmsSyncState.LMS_SYNC_STATE_DONE) throw new Error(last?.message ?? 'No run');
    const counts = Object.fromEntries(last.counts.map(({ action, count }) => [action, count]));
    return { wall, cpu, requests: last.requests, counts, rss: { before, peak } };
  },
};

export type ServiceQuestions = typeof questions;

answer(questions, async () => {
  await (await service).stop();
  rmSync(dataDir, { recursive: true, force: true });
});
