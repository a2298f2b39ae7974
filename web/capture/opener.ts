import type { Admission } from './answers.js';

/** What the LMS's page may show of this window. A hint for the student's eyes: the LMS asks the server. */
export interface Hint {
  state: 'READY' | 'IDENTIFIED' | 'MONITORING' | 'PAUSED' | 'LOST' | 'ENDED';
  admission: Admission | null;
  /** Beside the reasons of an admission: the sign-in of this window has ended, a fresh launch would renew it. */
  loginOver?: boolean;
  words: string;
}

const REPEAT_MS = 5_000;

/** The page of the LMS that opened this window, or that has it in a frame. */
export class Opener {
  private said = '';
  private saidAt = 0;

  private constructor(
    private readonly window: Window,
    private readonly origin: string,
  ) {}

  /** @param origin as the launch names it; null after a login by hand: then nobody is told anything */
  static of(origin: string | null): Opener | null {
    const other = (window.opener as Window | null) ?? (window.parent === window ? null : window.parent);
    return other && origin !== null ? new Opener(other, origin) : null;
  }

  /** Listens to what the LMS's page asks for: to go on with a fresh launch, or to end. */
  listen(renew: (launch: string) => void, end: () => void): void {
    window.addEventListener('message', ({ origin, source, data }: MessageEvent<unknown>) => {
      if (origin !== this.origin || source !== this.window || typeof data !== 'object' || data === null)
        return;
      const asked = data as Record<string, unknown>;
      if (asked['source'] !== 'quizaccess_probity') return;
      if (typeof asked['launch'] === 'string') renew(asked['launch']);
      if (asked['end'] === true) end();
    });
  }

  /** Tells what changed, and every five seconds what did not: its page may be another by then. */
  tell({ state, admission, loginOver = false, words }: Hint, now: number): void {
    const message = {
      source: 'probity',
      state,
      admitted: admission?.admitted ?? false,
      reason: loginOver ? 'LOGIN_OVER' : (admission?.reason ?? 'NOT_YET'),
      words,
    };
    const text = JSON.stringify(message);
    if (text === this.said && now - this.saidAt < REPEAT_MS) return;
    this.said = text;
    this.saidAt = now;
    this.window.postMessage(message, this.origin);
  }
}
