/** Told how long each statement took, BEGIN and COMMIT included, failed or not; waiting for a connection is not in it. */
export type OnQuery = (seconds: number) => void;

/** Runs one statement of a client that was configured with an `onQuery`, or with none. */
export async function timed<T>(
  config: { onQuery?: OnQuery | undefined },
  statement: () => Promise<T>,
): Promise<T> {
  const { onQuery } = config;
  if (!onQuery) return statement();
  const started = performance.now();
  try {
    return await statement();
  } finally {
    onQuery((performance.now() - started) / 1000);
  }
}
