import { freshWatch, type Watch } from './watch.js';

/** A student's stay in an exam. */
export interface Session {
  /** UUID. */
  id: string;
  organisationId: string;
  examId: string;
  userId: string;
  /** UTC milliseconds. */
  joinedAt: number;
  /** Null while in the exam. */
  leftAt: number | null;
  /** Where its evidence is sealed; null while there is none. */
  containerId: string | null;
  /** Frames whose findings are committed. */
  frameCount: number;
  /** The highest frame number committed; 0 before the first. */
  lastFrame: number;
  /** The lowest frame number that is neither committed nor skipped. */
  nextFrame: number;
  /** The same of samples of other modalities, which have numbers of their own. */
  sampleCount: number;
  lastSample: number;
  nextSample: number;
  /** Number of the last event in the session's log; 0 before the first. */
  lastEvent: number;
  /** Whether frames are expected: a student whom staff vouch for owes none, unless their client streams. */
  monitored: boolean;
  /** The stream that holds the session; null when none ever did. A newer stream takes it over. */
  streamId: string | null;
  lastFrameAt: number | null;
  /** Null unless the client streams. */
  lastHeartbeatAt: number | null;
  cameraLostAt: number | null;
  watch: Watch;
  version: number;
}

/** A session that begins now. */
export function joined(
  who: Pick<Session, 'id' | 'organisationId' | 'examId' | 'userId' | 'monitored'>,
  now: number,
): Session {
  return {
    ...who,
    joinedAt: now,
    leftAt: null,
    containerId: null,
    frameCount: 0,
    lastFrame: 0,
    nextFrame: 1,
    sampleCount: 0,
    lastSample: 0,
    nextSample: 1,
    lastEvent: 0,
    streamId: null,
    lastFrameAt: null,
    lastHeartbeatAt: null,
    cameraLostAt: null,
    watch: freshWatch(now),
    version: 1,
  };
}
