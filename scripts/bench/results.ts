import type { LoadResult } from './load.js';
import type { PoolResult } from './pool.js';
import type { RequestSummary, SpentSummary } from './summary.js';

/** Everything that one run measured. Times in milliseconds. */
export interface Results {
  measuredAt: string;
  /** A short run, whose figures judge nothing. */
  quick: boolean;
  machine: { cpu: string; cores: number; node: string; loadBefore: number; loadAfter: number };
  /** The baseline: the models of a verification, back to back on prepared tensors. */
  rawModels: SpentSummary;
  /** Operations through REST, by path. */
  requests: Record<string, RequestSummary>;
  /** Detection, landmarks, descriptor and comparison at the engine's door. */
  descriptor: SpentSummary;
  /** The same by others, by package. */
  peers: Record<string, SpentSummary>;
  pool: PoolResult;
  load: LoadResult;
}
