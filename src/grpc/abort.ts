import { StatusError } from '../call/index.js';

/** Why a signal aborted, as the error the caller is owed. */
export function abortedBy(signal: AbortSignal): StatusError {
  return signal.reason instanceof StatusError
    ? signal.reason
    : new StatusError('CANCELLED', 'The caller went away.', {}, { cause: signal.reason });
}

/** The result, or a rejection as soon as nobody waits for it any more, even where the work ignores its signal. */
export async function untilAborted<T>(work: T | PromiseLike<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(abortedBy(signal));
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * The same items, pulled one at a time; throws as soon as the signal aborts, even while the source hangs. The
 * source is told to stop in every case, but not waited for: one that hangs cannot answer.
 */
export async function* eachUntilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const items = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const item = await untilAborted(items.next(), signal);
      if (item.done) return;
      yield item.value;
    }
  } finally {
    // Its failure has nobody left to go to: the caller has its answer.
    items.return?.().catch(() => undefined);
  }
}
