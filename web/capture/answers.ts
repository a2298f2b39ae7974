/*
 * What the operations of the family `probity` answer that this page calls; their schemas are in
 * src/http/families/probity. `test/web/answers.ts` does not compile where the two part.
 */

/** Whether the exam lets the student in, and why not. */
export interface Admission {
  admitted: boolean;
  state: string | null;
  reason: string | null;
}

export interface ConsentPolicy {
  modality: string | null;
  purpose: string | null;
  version: string;
  text: string;
}

/** `GET exams/{exam}/capture`: where the student stands. */
export interface CaptureState {
  exam: {
    id: string;
    displayName: string;
    state: string | null;
    startTime: string | null;
    endTime: string | null;
  };
  consent: { needed: boolean; policies: ConsentPolicy[] };
  reference: {
    state: string | null;
    pictures: number;
    wanted: number;
    /** Until when staff let the face be enrolled anew, before the next identification. */
    replacementExpireTime: string | null;
  };
  verification: { state: string | null; expireTime: string | null; approvalRequested: boolean };
  challenge: { required: boolean; passed: boolean };
  session: { id: string } | null;
  frameIntervalMs: number;
  heartbeatIntervalMs: number;
  graceMs: number;
  admission: Admission;
}

/** `POST face-assessments`. */
export interface Assessment {
  usable: boolean;
  faces: number;
  advice: string[];
  words: string[];
}

/** `POST references/face/pictures`. */
export interface Enrolled {
  accepted: boolean;
  complete: boolean;
  pictures: number;
  wanted: number;
  words: string[];
}

/** `POST exams/{exam}/challenges`. */
export interface Challenge {
  challenge: string;
  steps: (string | null)[];
  expireTime: string | null;
}

/** `POST exams/{exam}/challenges/{challenge}/frames`. */
export interface ChallengeProgress {
  state: string | null;
  step: number;
  progress: number;
  words: string[];
}

/** `POST exams/{exam}/identification`. */
export interface Identified {
  outcome: string | null;
  words: string[];
  attemptsLeft: number;
}

/** `POST exams/{exam}/join`. */
export interface Joined {
  session: string;
  frameIntervalMs: number;
  heartbeatIntervalMs: number;
  nextFrame: number;
}

/** `POST exams/{exam}/frames`. */
export interface FrameTaken {
  number: number;
  outcome: string | null;
  words: string[];
  nextFrame: number;
  admission: Admission;
}

/** `POST exams/{exam}/heartbeats`. */
export interface HeartbeatTaken {
  admission: Admission;
}
