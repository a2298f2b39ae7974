import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { createApp, type App, type AppOptions } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';

export interface RunningApp {
  app: App;
  httpPort: number;
  grpcPort: number;
  /** Of the organisation UCY. */
  admin: { email: string; password: string };
  /** The first administrator of every organisation. */
  admins: { organisation: string; email: string; password: string }[];
  stop(): Promise<void>;
}

/** The whole service on free ports, with an embedded database of its own unless the settings name a data directory. */
export async function startApp(
  settings: Record<string, string> = {},
  options: Partial<AppOptions> = {},
): Promise<RunningApp> {
  const given = settings['PROBITY_DATA_DIR'];
  const dataDir = given ?? (await mkdtemp(path.join(tmpdir(), 'probity-app-')));
  const config = loadConfig({
    PROBITY_HTTP_PORT: '0',
    PROBITY_GRPC_PORT: '0',
    PROBITY_DATA_DIR: dataDir,
    PROBITY_WORKERS: '1',
    PROBITY_DRAIN_SECONDS: '5',
    ...settings,
  });
  const app = await createApp(config, {
    log: pino({ level: process.env['PROBITY_LOG_LEVEL'] ?? 'silent' }),
    ...options,
  });
  const { httpPort, grpcPort } = await app.start();
  const admins = JSON.parse(await readFile(path.join(dataDir, 'initial-admins.json'), 'utf8')) as {
    organisation: string;
    email: string;
    password: string;
  }[];
  return {
    app,
    httpPort: httpPort ?? 0,
    grpcPort: grpcPort ?? 0,
    admin: admins.find(({ organisation }) => organisation === 'UCY')!,
    admins,
    async stop() {
      await app.stop();
      if (given === undefined) await rm(dataDir, { recursive: true });
    },
  };
}
