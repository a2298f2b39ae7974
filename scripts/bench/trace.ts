/** Milliseconds that one request was given, as the server counted them. */
export interface RequestTrace {
  /** From the request's first byte to its answer's last, in the façade. */
  served: number;
  /** Inference jobs, normally one, as the engine times them. */
  jobs: {
    queued: number;
    ran: number;
    stages: Record<string, number>;
    models: Record<string, number>;
  }[];
  /** In statements of the database. */
  storage: number;
  comparison: number;
  /** CPU time of the whole process, all threads. */
  cpu: number;
}

/** Where the milliseconds of one request went; they add up to `wall`. */
export interface Breakdown {
  decode: number;
  /** Inside the runs of each model, by id. */
  models: Record<string, number>;
  /** Sampling, alignment, post-processing, hash and quality measures, in the worker. */
  preparation: number;
  /** Waiting for a worker and passing between the threads. */
  handover: number;
  comparison: number;
  storage: number;
  /** In the server's main thread: HTTP, JSON, base64, validation, authorisation, sealing, rules. */
  rest: number;
  /** On the socket and in the client. */
  wire: number;
}

/** @param wall milliseconds from sending the request to the end of its answer, at the client */
export function breakDown(wall: number, { served, jobs, storage, comparison }: RequestTrace): Breakdown {
  const models: Record<string, number> = {};
  let [decode, staged, ran, queued] = [0, 0, 0, 0];
  for (const job of jobs) {
    for (const [id, spent] of Object.entries(job.models)) models[id] = (models[id] ?? 0) + spent;
    decode += job.stages['decode'] ?? 0;
    staged += sum(job.stages);
    ran += job.ran;
    queued += job.queued;
  }
  return {
    decode,
    models,
    preparation: staged - decode - sum(models),
    handover: queued + ran - staged,
    comparison,
    storage,
    rest: served - queued - ran - comparison - storage,
    wire: wall - served,
  };
}

/** Share of a request's time outside JPEG decoding and the models' own runs, 0..1. */
export function shareOutside(wall: number, { decode, models }: Pick<Breakdown, 'decode' | 'models'>): number {
  return (wall - decode - sum(models)) / wall;
}

export function sum(parts: Readonly<Record<string, number>>): number {
  return Object.values(parts).reduce((total, part) => total + part, 0);
}
