import { passes } from '../lib/api.js';
import type { CaptureState } from './answers.js';
import type { Turn } from './app.js';

/** Between two looks at what staff have done. */
const LOOK_MS = 5_000;

/** Whether staff have helped the student on since: the exam lets them in, or their face may be enrolled anew. */
export function isHelped(before: CaptureState, now: CaptureState): boolean {
  const { replacementExpireTime: until } = now.reference;
  return now.admission.admitted || (until !== null && until !== before.reference.replacementExpireTime);
}

/**
 * Looks every few seconds, at `state` first, until there is something to say, and says it. A look that fails for a moment is
 * one that saw nothing: it takes no view away. @throws Refused where that does not pass
 */
export async function until<Said extends string>(
  { app, state, signal }: Turn,
  say: (now: CaptureState) => Said | null,
): Promise<Said> {
  const { api, exam, pulse } = app;
  for (let now = state; ;) {
    const said = say(now);
    if (said !== null) return said;
    await pulse.wait(LOOK_MS, signal);
    try {
      now = await api.get<CaptureState>(`exams/${exam}/capture`, { signal });
    } catch (failure) {
      if (!passes(failure)) throw failure;
    }
  }
}
