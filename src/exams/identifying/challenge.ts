import type { Movement, Remark } from '../../biometrics/index.js';
import type { Comparison } from './verification.js';

/** Movements that a student may be asked for. Left and right are their own. */
export const MOVEMENTS = ['TURN_LEFT', 'TURN_RIGHT', 'BLINK', 'SMILE'] as const;
export type ChallengeStep = 'LOOK_STRAIGHT' | (typeof MOVEMENTS)[number];

/** A whole number from 0 on that is below `below`, every one as likely. */
export type Draw = (below: number) => number;

export interface ChallengePolicy {
  /** Movements that are asked for, after looking straight. */
  movements: number;
  /** Different frames that show the face at rest before anything is asked of it. */
  restFrames: number;
  /** A step is done no sooner than this after the one before. */
  leastStepMs: number;
  /** A movement is followed from rest: after a gap longer than this it begins again. */
  mostGapMs: number;
  /** How long a passed challenge may wait for the identification that it is for. */
  passedMs: number;
  /** Degrees of yaw, and share of the distance of the eyes that the nose goes aside: a turn is both. */
  turn: { yaw: number; nose: number };
  /** Within these of the face at rest, it is at rest. */
  rest: { yaw: number; nose: number; mouth: number };
  /** P(closed) of both eyes from which they are closed, and up to which they are open. */
  eyes: { closed: number; open: number };
  /** Width of the mouth per its width at rest, and how much further its corners are up, in widths. */
  smile: { width: number; lift: number };
}

/**
 * Measured on pictures (docs/adr/0020): no still picture that is held up flat and turned by up to 45 degrees turns, one in
 * a hundred blinks, one in three hundred smiles.
 */
export const CHALLENGE_POLICY: ChallengePolicy = {
  movements: 3,
  restFrames: 3,
  leastStepMs: 500,
  mostGapMs: 3_000,
  passedMs: 120_000,
  turn: { yaw: 12, nose: 0.14 },
  rest: { yaw: 8, nose: 0.1, mouth: 1.07 },
  eyes: { closed: 0.8, open: 0.5 },
  smile: { width: 1.1, lift: 0.01 },
};

/** The face of a frame, as far as a movement shows in it. */
export interface FaceAt extends Movement {
  /** Degrees; negative when the nose points to the right of the picture. */
  yaw: number;
  /** P(closed), 0..1, of the eye that is less closed. */
  closed: number;
}

/** What was found in one frame of a challenge. */
export interface ChallengeLook {
  /** When the server received it, UTC milliseconds. */
  at: number;
  /** Of the bytes as they came, lower-case hex. */
  sha256: string;
  /** In base64. */
  fingerprint: string;
  /** With the student's reference. */
  comparison: Comparison;
  /** Null where there is no single face, or pose or eyes could not be assessed. */
  face: FaceAt | null;
  /** Whether it came before: in the exam, or near-identical in an earlier challenge. */
  seenBefore: boolean;
}

/** A frame that counted. */
export interface Counted {
  sha256: string;
  fingerprint: string;
}

/** How far a challenge is. Plain data: it is stored between frames. */
export interface ChallengeProgress {
  /** The frames that did a step each, in the order of the steps. */
  done: Counted[];
  /** The face at rest, as first seen. */
  rest: (FaceAt & Pick<Counted, 'sha256'>)[];
  /** Whether the face was seen at rest since the present step began, without a gap. */
  ready: boolean;
  /** The frame of a blink in which the eyes were closed; null before it. */
  closed: Counted | null;
  /** When the present step began, and when the last frame came. UTC milliseconds. */
  stepSince: number;
  lastAt: number;
}

export function freshProgress(now: number): ChallengeProgress {
  return { done: [], rest: [], ready: false, closed: null, stepSince: now, lastAt: now };
}

/** The steps of a new challenge: looking straight, then movements in random order. */
export function drawSteps(draw: Draw, { movements }: ChallengePolicy): ChallengeStep[] {
  const left: ChallengeStep[] = [...MOVEMENTS];
  const drawn = Array.from({ length: movements }, () => left.splice(draw(left.length), 1)).flat();
  return ['LOOK_STRAIGHT', ...drawn];
}

export type ChallengeVerdict = 'NOTHING' | 'STEP_DONE' | 'ANOTHER_PERSON';

export interface Followed {
  progress: ChallengeProgress;
  verdict: ChallengeVerdict;
  /** What the student can do. */
  remarks: Remark[];
}

/**
 * One more frame of a challenge that is at `step`. Only a new frame that matches the reference counts; what the face does
 * is told from the same face at rest.
 */
export function follow(
  before: ChallengeProgress,
  step: ChallengeStep,
  look: ChallengeLook,
  policy: ChallengePolicy,
): Followed {
  const late = look.at - before.lastAt > policy.mostGapMs;
  const progress = { ...before, lastAt: look.at, ...(late ? NOT_READY : {}) };
  const { comparison, face } = look;
  if (comparison.outcome === 'NO_MATCH') {
    return {
      progress: { ...progress, ...NOT_READY },
      verdict: 'ANOTHER_PERSON',
      remarks: ['ANOTHER_PERSON'],
    };
  }
  if (comparison.outcome === 'INCONCLUSIVE') {
    // Whoever leaves the picture begins the movement again.
    const gone = comparison.score === null ? NOT_READY : {};
    return nothing({ ...progress, ...gone }, ...(comparison.remarks ?? []));
  }
  if (face === null) return nothing({ ...progress, ...NOT_READY }, 'LOOK_STRAIGHT_IN_GOOD_LIGHT');
  if (look.seenBefore || counted(progress).includes(look.sha256)) return nothing(progress, 'SEEN_BEFORE');
  if (step === 'LOOK_STRAIGHT') return atFirst(progress, look, face, policy);

  const rest = middle(progress.rest);
  const now = isAtRest(rest, face, policy);
  if (now && progress.closed) return stepDone(progress, progress.closed, look.at);
  if (now) return nothing({ ...progress, ready: true });
  if (!progress.ready) return nothing(progress, 'LOOK_STRAIGHT');
  if (look.at - progress.stepSince < policy.leastStepMs) return nothing(progress);
  const { sha256, fingerprint } = look;
  if (step === 'BLINK') {
    if (!isClosed(rest, face, policy)) return nothing(progress);
    return nothing({ ...progress, closed: { sha256, fingerprint } }, 'OPEN_EYES_AGAIN');
  }
  if (moved(step, rest, face, policy)) return stepDone(progress, { sha256, fingerprint }, look.at);
  return nothing(progress, ...(step === 'SMILE' ? [] : (['TURN_FURTHER'] as const)));
}

/** 0..1: how much of a challenge of so many steps is done. */
export function shareDone(
  { done, rest, ready, closed }: ChallengeProgress,
  steps: number,
  policy: ChallengePolicy,
): number {
  const inStep = done.length === 0 ? rest.length / policy.restFrames : closed ? 0.7 : ready ? 0.3 : 0;
  return Math.min(1, (done.length + (done.length < steps ? Math.min(inStep, 0.9) : 0)) / steps);
}

const NOT_READY = { ready: false, closed: null };

function nothing(progress: ChallengeProgress, ...remarks: Remark[]): Followed {
  return { progress, verdict: 'NOTHING', remarks };
}

function stepDone(progress: ChallengeProgress, frame: Counted, at: number): Followed {
  const done = [...progress.done, frame];
  return { progress: { ...progress, ...NOT_READY, done, stepSince: at }, verdict: 'STEP_DONE', remarks: [] };
}

/** Frames that counted already. */
function counted({ done, rest, closed }: ChallengeProgress): string[] {
  return [...done, ...rest, ...(closed ? [closed] : [])].map(({ sha256 }) => sha256);
}

/** The first step: the face as it is when nothing is asked of it. */
function atFirst(
  progress: ChallengeProgress,
  { sha256, fingerprint, at }: ChallengeLook,
  face: FaceAt,
  policy: ChallengePolicy,
): Followed {
  if (Math.abs(face.yaw) > FRONTAL_YAW) return nothing(progress, 'LOOK_STRAIGHT');
  if (face.closed > policy.eyes.open) return nothing(progress, 'OPEN_EYES');
  const rest = [...progress.rest, { ...face, sha256 }];
  const next = { ...progress, rest };
  return rest.length < policy.restFrames ? nothing(next) : stepDone(next, { sha256, fingerprint }, at);
}

/** Degrees of yaw within which somebody looks straight; the pose net is off by a few. */
const FRONTAL_YAW = 18;

function isAtRest(rest: FaceAt, face: FaceAt, { rest: within, eyes }: ChallengePolicy): boolean {
  return (
    isFrontal(rest, face, within) &&
    face.closed <= eyes.open &&
    face.mouthWidth <= rest.mouthWidth * within.mouth
  );
}

function isFrontal(rest: FaceAt, face: FaceAt, within: { yaw: number; nose: number }): boolean {
  return (
    Math.abs(face.yaw - rest.yaw) <= within.yaw && Math.abs(face.noseAside - rest.noseAside) <= within.nose
  );
}

function isClosed(rest: FaceAt, face: FaceAt, { eyes, turn }: ChallengePolicy): boolean {
  return face.closed >= eyes.closed && isFrontal(rest, face, turn);
}

/** Whether a face did what was asked. A flat picture that is turned shows a yaw, and its nose stays in the middle. */
function moved(
  step: 'TURN_LEFT' | 'TURN_RIGHT' | 'SMILE',
  rest: FaceAt,
  face: FaceAt,
  { turn, smile, eyes }: ChallengePolicy,
): boolean {
  const yaw = face.yaw - rest.yaw;
  const nose = face.noseAside - rest.noseAside;
  switch (step) {
    // The camera sees the student's left on its right.
    case 'TURN_LEFT':
      return yaw <= -turn.yaw && nose >= turn.nose;
    case 'TURN_RIGHT':
      return yaw >= turn.yaw && nose <= -turn.nose;
    case 'SMILE':
      return (
        isFrontal(rest, face, turn) &&
        face.closed < eyes.closed &&
        face.mouthWidth >= rest.mouthWidth * smile.width &&
        face.mouthLift - rest.mouthLift >= smile.lift
      );
  }
}

/** The median of each measure. */
function middle(faces: readonly FaceAt[]): FaceAt {
  const of = (key: keyof FaceAt): number => {
    const sorted = faces.map((face) => face[key]).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  };
  return {
    yaw: of('yaw'),
    closed: of('closed'),
    noseAside: of('noseAside'),
    mouthWidth: of('mouthWidth'),
    mouthLift: of('mouthLift'),
  };
}
