import type { Script } from './scripted_core.js';

/** A request, what the core is asked by it and says, and the answer. */
export interface Pair {
  id: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  asks: [rpc: string, request: object];
  says: unknown;
  /** What it asks of the core after that, and what is said then. */
  then?: [rpc: string, says: unknown];
  /** The same, of several. */
  also?: Script;
  cookie?: string;
  status?: number;
  /** Undefined where the answer is no JSON. */
  answer: unknown;
}
