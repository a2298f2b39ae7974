import pino from 'pino';
import { StatusError, type Context, type Principal } from '../../../src/call/index.js';
import { inProcessCore, services, type Core, type CoreHandlers } from '../../../src/grpc/index.js';

/** Answers by rpc, `exams.startExam`; an rpc without one is a bug of the test. */
export type Script = Record<string, (request: never, ctx: Context) => unknown>;

export interface ScriptedCall {
  rpc: string;
  request: unknown;
  ctx: Context;
}

/** Tokens that the scripted core knows: `student`, `instructor`, `admin`; `expired` has ended, all others are forged. */
export const TOKENS: Record<string, Principal> = {
  student: { userId: 'u1', organisationId: 'o1', role: 'STUDENT', loginId: 'l1' },
  instructor: { userId: 'u2', organisationId: 'o1', role: 'INSTRUCTOR', loginId: 'l2' },
  admin: { userId: 'u3', organisationId: 'o1', role: 'ADMIN', loginId: 'l3' },
};

/** A core behind the real interceptors whose handlers follow a script, and what it was asked. */
export function scriptedCore(script: Script): { core: Core; calls: ScriptedCall[] } {
  const calls: ScriptedCall[] = [];
  const handlers = Object.fromEntries(
    Object.entries(services).map(([service, definition]) => [
      service,
      Object.fromEntries(
        Object.entries<{ responseStream: boolean }>(definition).map(([method, { responseStream }]) => {
          const rpc = `${service}.${method}`;
          const answered = async (request: unknown, ctx: Context): Promise<unknown> => {
            calls.push({ rpc, request, ctx });
            const answer = script[rpc];
            if (!answer) throw new Error(`the script has no ${rpc}`);
            return await answer(request as never, ctx);
          };
          /** The script answers what can be gone through. */
          async function* streamed(request: unknown, ctx: Context): AsyncGenerator {
            yield* (await answered(request, ctx)) as AsyncIterable<unknown>;
          }
          return [method, responseStream ? streamed : answered];
        }),
      ),
    ]),
  ) as unknown as CoreHandlers;
  const core = inProcessCore(handlers, {
    authenticate: (token) => {
      const principal = TOKENS[token];
      if (principal) return Promise.resolve(principal);
      const reason = token === 'expired' ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID';
      return Promise.reject(new StatusError(reason, 'The access token is not valid.'));
    },
    log: pino({ level: 'silent' }),
    observe: () => undefined,
    defaultTimeoutMs: 10_000,
  });
  return { core, calls };
}
