import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** What passes between the benchmark and a process that it measures. */
interface Question {
  id: number;
  ask: string;
  input: unknown;
}
interface Answer {
  id: number;
  output?: unknown;
  error?: string;
}

/** What a measured process can be asked, by name. */
export type Questions = Record<string, (input: never) => unknown>;

type Input<T> = T extends (input: infer I) => unknown ? I : never;
type Output<T> = T extends (input: never) => infer O ? Awaited<O> : never;

export interface Child<Q extends Questions> {
  pid: number;
  ask<K extends keyof Q & string>(ask: K, input: Input<Q[K]>): Promise<Output<Q[K]>>;
  stop(): Promise<void>;
}

/**
 * Starts a script of this folder in a process of its own. What it writes to its standard output is dropped.
 * Rejects its questions when it ends before it answers.
 */
export function startChild<Q extends Questions>(script: string): Child<Q> {
  const child: ChildProcess = fork(join(__dirname, script), {
    execArgv: ['--require', 'tsx/cjs'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, { resolve: (output: unknown) => void; reject: (error: Error) => void }>();
  let asked = 0;
  child.on('message', (message) => {
    const { id, output, error } = message as Answer;
    const asker = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asker?.resolve(output);
    else asker?.reject(new Error(`${script}: ${error}`));
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      for (const { reject } of waiting.values()) reject(new Error(`${script} ended with code ${code}`));
      resolve();
    });
  });
  return {
    pid: child.pid ?? 0,
    ask: (ask, input) =>
      new Promise((resolve, reject) => {
        const id = ++asked;
        // The process answers what its table says.
        waiting.set(id, { resolve: resolve as (output: unknown) => void, reject });
        child.send({ id, ask, input } satisfies Question);
      }),
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** The other end, in the measured process: answers one question after another, and ends with the benchmark. */
export function answer(questions: Questions, end: () => Promise<void>): void {
  const send = (message: Answer): void => void process.send?.(message);
  let last: Promise<void> = Promise.resolve();
  process.on('message', (message) => {
    const { id, ask, input } = message as Question;
    last = last.then(async () => {
      try {
        const asked = questions[ask] as ((input: unknown) => unknown) | undefined;
        if (!asked) throw new Error(`Nobody answers ${ask}`);
        send({ id, output: await asked(input) });
      } catch (error) {
        send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      }
    });
  });
  process.once('disconnect', () => void end().finally(() => process.exit(0)));
}
