import { ConfigError, loadConfig, unknownSettings, type Config } from './config.js';
import { createApp } from './app.js';
import { createLog } from './telemetry/index.js';

function configured(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

async function main(): Promise<void> {
  const config = configured();
  const log = createLog(config.logLevel);
  for (const name of unknownSettings(process.env)) log.warn({ name }, 'no such setting; a typing error?');

  const app = await createApp(config, {
    log,
    onUnhealthy: () => {
      log.fatal('inference workers are stuck; this process drains and exits');
      void stop(1);
    },
  });
  const stop = async (status: number): Promise<void> => {
    await app.stop().catch((error: unknown) => {
      log.error({ err: error }, 'did not stop in order');
      status = 1;
    });
    process.exit(status);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(0));
  await app.start().catch(async (error: unknown) => {
    log.fatal({ err: error }, 'cannot start');
    await app.stop();
    process.exit(1);
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`Cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
