import pino, { type DestinationStream, type Logger } from 'pino';

/** Keys that never reach the log, wherever somebody puts them; bodies are not logged in the first place. */
const SECRET = [
  'authorization',
  'cookie',
  'password',
  'token',
  'access_token',
  'refresh_token',
  'accessToken',
  'refreshToken',
  'secret',
  'image',
  'images',
  'template',
  'embedding',
  'databaseUrl',
];

/** JSON lines, UTC, on standard output. Written at once: the last lines before an end are the ones that matter. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: undefined,
      redact: {
        paths: SECRET.flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `*.headers.${key}`]),
        censor: '[redacted]',
      },
      serializers: { err: pino.stdSerializers.errWithCause },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}
