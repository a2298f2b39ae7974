import { Refused, type Api } from '../lib/api.js';
import type { Admission, FrameTaken, HeartbeatTaken, Joined } from './answers.js';
import { COARSE, type Camera } from './camera.js';
import { Frames } from './frames.js';
import type { Pulse } from './pulse.js';

/** Heartbeats that may be unanswered at a time. One that is late says nothing any more: none is sent again. */
const MOST_HEARTBEATS = 3;
/** Without an answer for this long, the connection counts as lost. */
const SILENCE_MS = 4_000;
/** A lost camera is looked for this often. */
const REOPEN_MS = 2_000;

/** What the student sees of being watched. */
export interface MonitorState {
  online: boolean;
  cameraLive: boolean;
  admission: Admission;
  /** When the server took the last frame, UTC milliseconds by this machine; null before the first. */
  lastFrameAt: number | null;
  /** Frames that wait for the network. */
  waiting: number;
  /** What the server said of the last frame. */
  words: readonly string[];
}

export interface MonitorEvents {
  /** After each beat and each answer. */
  changed(state: MonitorState): void;
  /** The server takes no more from this session: it has ended, or the login has. */
  refused(why: Refused): void;
}

/** Watches a joined exam: a heartbeat each beat, a frame each interval, whatever the page shows meanwhile. */
export class Monitor {
  readonly state: MonitorState;
  private readonly frames: Frames;
  private readonly stop: () => void;
  private heartbeats = 0;
  private answeredAt: number | null = null;
  private frameDue = 0;
  private taking = false;
  private reopenDue = 0;
  private reopening = false;
  private ended = false;

  constructor(
    private readonly api: Api,
    private readonly exam: string,
    private readonly camera: Camera,
    pulse: Pulse,
    private readonly joined: Joined,
    admission: Admission,
    private readonly events: MonitorEvents,
  ) {
    this.state = { online: true, cameraLive: true, admission, lastFrameAt: null, waiting: 0, words: [] };
    this.frames = new Frames(
      ({ picture, capturedAt }, number) =>
        api.post<FrameTaken>(`exams/${exam}/frames`, picture, {
          query: { number, capturedTime: Math.round(capturedAt) },
        }),
      joined.nextFrame,
    );
    this.stop = pulse.onBeat((now) => this.beat(now));
  }

  end(): void {
    this.ended = true;
    this.stop();
  }

  private beat(now: number): void {
    this.answeredAt ??= now;
    this.state.cameraLive = this.camera.live;
    this.state.online = now - this.answeredAt < SILENCE_MS;
    this.run(this.heartbeat(now));
    if (!this.state.cameraLive) this.run(this.reopen(now));
    else if (now >= this.frameDue) this.run(this.frame(now));
    this.run(this.flush(now));
    this.tell();
  }

  private async heartbeat(now: number): Promise<void> {
    if (this.heartbeats >= MOST_HEARTBEATS) return;
    this.heartbeats += 1;
    try {
      const { admission } = await this.api.post<HeartbeatTaken>(`exams/${this.exam}/heartbeats`, {
        clientTime: new Date(now).toISOString(),
        visible: document.visibilityState === 'visible',
        camera: this.state.cameraLive ? 'LIVE' : 'LOST',
      });
      this.answered(now, admission);
    } finally {
      this.heartbeats -= 1;
    }
  }

  private async frame(now: number): Promise<void> {
    if (this.taking) return;
    this.taking = true;
    try {
      const picture = await this.camera.picture(COARSE);
      if (!picture) return;
      this.frameDue = now + this.joined.frameIntervalMs;
      this.frames.add({ picture, capturedAt: now });
      await this.flush(now);
    } finally {
      this.taking = false;
    }
  }

  private flush(now: number): Promise<void> {
    return this.frames.flush(now, ({ admission, words }) => {
      this.state.lastFrameAt = now;
      this.state.words = words;
      this.answered(now, admission);
    });
  }

  private async reopen(now: number): Promise<void> {
    if (this.reopening || now < this.reopenDue) return;
    this.reopening = true;
    this.reopenDue = now + REOPEN_MS;
    // Still lost: the state says so already. The browser may be asking the student meanwhile.
    await this.camera.open().catch(() => undefined);
    this.reopening = false;
  }

  private answered(at: number, admission: Admission): void {
    this.answeredAt = Math.max(this.answeredAt ?? 0, at);
    this.state.online = true;
    this.state.admission = admission;
    this.tell();
  }

  /** What fails for a while is tried again at a later beat; what the server refuses for good is told, once. */
  private run(work: Promise<void>): void {
    work.catch((failure: unknown) => {
      if (this.ended || !(failure instanceof Refused) || failure.passing) return;
      this.end();
      this.events.refused(failure);
    });
  }

  private tell(): void {
    this.state.waiting = this.frames.count;
    if (!this.ended) this.events.changed(this.state);
  }
}
