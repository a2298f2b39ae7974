import type { Logger } from 'pino';

/** What the façade knows of one request while it serves it. */
export interface HttpState {
  requestId: string;
  log: Logger;
  /** Aborts when the client hangs up before its answer. */
  gone: AbortSignal;
  family?: string;
  operation?: string;
  /** Why the request was refused. */
  reason?: string;
}
