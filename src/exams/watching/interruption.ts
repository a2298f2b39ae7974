export interface InterruptionPolicy {
  /** A streaming client sends a heartbeat every second; silence for longer is an interruption. */
  heartbeatMs: number;
  /** Frames that may be missing in a row. */
  frames: number;
  /** Frames may always be this far apart. */
  leastFrameGapMs: number;
}

/** 75 s is three frames of a client that sends one every 25 s. */
export const INTERRUPTION_POLICY: InterruptionPolicy = {
  heartbeatMs: 5_000,
  frames: 3,
  leastFrameGapMs: 75_000,
};

/** A session's signs of life, UTC milliseconds. */
export interface Signs {
  joinedAt: number;
  lastFrameAt: number | null;
  /** Null for a client that never streamed. */
  lastHeartbeatAt: number | null;
  /** When the client said that its camera is gone; null once a frame came. */
  cameraLostAt: number | null;
  frameIntervalMs: number;
}

/** Why a session is interrupted: nothing comes at all, its camera is gone, or pictures alone are missing. */
export type InterruptionCause = 'SILENCE' | 'CAMERA' | 'PICTURES';

/** The last that was heard of a session, UTC milliseconds. */
export function lastSign({
  joinedAt,
  lastFrameAt,
  lastHeartbeatAt,
}: Pick<Signs, 'joinedAt' | 'lastFrameAt' | 'lastHeartbeatAt'>): number {
  return Math.max(joinedAt, lastFrameAt ?? 0, lastHeartbeatAt ?? 0);
}

/**
 * Why a session counts as interrupted, in words as well, and since when; null when it lives. A heartbeat without frames is
 * no life: the capture may have been switched off behind it.
 */
export function interruption(
  signs: Signs,
  now: number,
  { heartbeatMs, frames, leastFrameGapMs }: InterruptionPolicy,
): { since: number; cause: InterruptionCause; reason: string } | null {
  const { joinedAt, lastFrameAt, lastHeartbeatAt, cameraLostAt, frameIntervalMs } = signs;
  const lastFrame = lastFrameAt ?? joinedAt;
  const sign = lastSign(signs);
  if (lastHeartbeatAt !== null && now - sign > heartbeatMs) {
    return {
      since: sign,
      cause: 'SILENCE',
      reason: `No sign of life from the client for ${seconds(now - sign)}.`,
    };
  }
  if (cameraLostAt !== null && now - cameraLostAt > heartbeatMs) {
    return { since: cameraLostAt, cause: 'CAMERA', reason: 'The client says that its camera is gone.' };
  }
  if (now - lastFrame > Math.max(frames * frameIntervalMs, leastFrameGapMs)) {
    return {
      since: lastFrame,
      cause: 'PICTURES',
      reason: `No picture from the client for ${seconds(now - lastFrame)}.`,
    };
  }
  return null;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
