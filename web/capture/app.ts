import { Refused, type Api } from '../lib/api.js';
import type { Session } from '../lib/session.js';
import { store, stored } from '../lib/stored.js';
import type { Admission, CaptureState, Joined } from './answers.js';
import { Camera } from './camera.js';
import { Monitor, type MonitorState } from './monitor.js';
import type { Hint, Opener } from './opener.js';
import { Pulse } from './pulse.js';
import type { Shell } from './shell.js';
import { needsCamera, stepOf, type Here, type Step } from './steps.js';
import { VIEWS, failed, monitorInWords } from './views/index.js';

const CHECKED = 'probity.camera-checked';

/** What a view gets: it shows itself, and resolves when its step is done. */
export interface Turn {
  app: App;
  state: CaptureState;
  /** Aborts when something else is to be shown, and when the view is done: what it started ends with it. */
  signal: AbortSignal;
}

/** One student's way through one exam. */
export class App {
  readonly pulse = new Pulse();
  readonly camera = new Camera();
  /** Once the exam is joined; goes on whatever is shown. */
  monitor: Monitor | null = null;
  /** Told of each change of the monitor's state. */
  onMonitor: ((state: MonitorState) => void) | null = null;
  private turn = new AbortController();
  private step: Step | null = null;
  private admission: Admission | null = null;
  private loginOver = false;
  /** The student has looked at the camera's picture and gone on. */
  private checked = stored(CHECKED) !== null;
  private readonly here: Omit<Here, 'waiting'> & {
    /** As the server says, until the student asks or turns back here. */
    waiting?: boolean;
  };

  constructor(
    readonly api: Api,
    readonly session: Session,
    /** Id of the exam. */
    readonly exam: string,
    readonly shell: Shell,
    private readonly opener: Opener | null,
  ) {
    this.here = {
      ended: false,
      monitored: session.launch?.policy.monitor ?? true,
    };
    this.pulse.onBeat((now) => this.opener?.tell(this.hint(), now));
    window.addEventListener('beforeunload', (event) => {
      // In a frame it goes with every page of the exam, and comes back.
      if (this.monitor && window.parent === window) event.preventDefault();
    });
  }

  /** Shows, from now on, whatever is right. */
  async run(): Promise<never> {
    for (;;) {
      this.turn = new AbortController();
      const { signal } = this.turn;
      try {
        const state = await this.api.get<CaptureState>(`exams/${this.exam}/capture`, { signal });
        this.loginOver = false;
        this.admission = state.admission;
        this.here.waiting ??= state.verification.approvalRequested;
        const step = stepOf(state, { ...this.here, waiting: this.here.waiting });
        this.step = needsCamera(step) && !(await this.cameraReady()) ? 'DEVICE' : step;
        this.shell.around(this.step, state.exam.displayName);
        await VIEWS[this.step]({ app: this, state, signal });
      } catch (failure) {
        if (signal.aborted) continue;
        if (this.step === null) this.shell.around(null, '');
        this.loginOver = failure instanceof Refused && failure.status === 401;
        await failed(this, failure, signal).catch(() => undefined);
      } finally {
        this.turn.abort();
      }
    }
  }

  /** Begins the current step anew: something changed that it does not know of. */
  again(): void {
    this.turn.abort();
  }

  /** There is a fresh login. What goes on needs no new view; what has ended is meant to begin again. */
  renewed(): void {
    if (this.here.ended) this.goOn();
    else if (this.loginOver) this.again();
  }

  /** The student has seen the camera's picture and goes on. */
  cameraChecked(): void {
    this.checked = true;
    store(CHECKED, 'yes');
  }

  /** Waits for staff, or no longer does. */
  wait(waiting: boolean): void {
    this.here.waiting = waiting;
  }

  watch(joined: Joined, admission: Admission): void {
    this.monitor = new Monitor(this.api, this.exam, this.camera, this.pulse, joined, admission, {
      changed: (state) => {
        this.admission = state.admission;
        this.onMonitor?.(state);
      },
      refused: ({ reason }) => {
        // The session was ended elsewhere, as when the attempt is handed in. Of all else the next look at the exam tells why.
        if (reason === 'NOT_JOINED') {
          this.unwatch();
          this.here.ended = true;
        } else this.monitor = null;
        this.again();
      },
    });
  }

  /** Neither watches nor looks. */
  unwatch(): void {
    this.monitor?.end();
    this.monitor = null;
    this.camera.close();
  }

  /** Ends here: nothing is sent from now on. */
  async end(): Promise<void> {
    this.unwatch();
    this.here.ended = true;
    // The server ends it too when the attempt is handed in; this is only sooner.
    await this.api.post(`exams/${this.exam}/leave`).catch(() => undefined);
    this.again();
  }

  /** After `end`, by mistake. */
  goOn(): void {
    this.here.ended = false;
    this.again();
  }

  private async cameraReady(): Promise<boolean> {
    if (this.monitor) return true;
    if (!this.checked) return false;
    if (!this.camera.live && (await this.camera.allowed())) await this.camera.open().catch(() => undefined);
    return this.camera.live;
  }

  private hint(): Hint {
    const { admission } = this;
    const words = this.monitor ? monitorInWords(this.monitor.state).join(' ') : this.shell.stage.title;
    if (this.loginOver) return { state: 'LOST', admission, loginOver: true, words };
    if (this.step === 'ENDED') return { state: 'ENDED', admission, words };
    if (this.monitor) {
      const { online, cameraLive } = this.monitor.state;
      const state = !online || !cameraLive ? 'LOST' : admission?.admitted ? 'MONITORING' : 'PAUSED';
      return { state, admission, words };
    }
    return { state: admission?.admitted ? 'IDENTIFIED' : 'READY', admission, words };
  }
}
