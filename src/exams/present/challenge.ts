import { presentRemarks, type Remark } from '../../biometrics/index.js';
import { formatName } from '../../call/index.js';
import { type CheckState, stateAt as checkAt } from '../../checks/index.js';
import {
  type Challenge as ChallengeMessage,
  ChallengeState as ChallengeStateMessage,
  ChallengeStep as ChallengeStepMessage,
} from '../../grpc/gen/probity/exams/v1/capture_service.js';
import type { Exam } from '../exam.js';
import { CHALLENGE_POLICY, type ChallengeStep, shareDone } from '../identifying/challenge.js';
import type { Challenge } from '../identifying/challenging.js';

const CHALLENGE_STEPS: Record<ChallengeStep, ChallengeStepMessage> = {
  LOOK_STRAIGHT: ChallengeStepMessage.CHALLENGE_STEP_LOOK_STRAIGHT,
  TURN_LEFT: ChallengeStepMessage.CHALLENGE_STEP_TURN_LEFT,
  TURN_RIGHT: ChallengeStepMessage.CHALLENGE_STEP_TURN_RIGHT,
  BLINK: ChallengeStepMessage.CHALLENGE_STEP_BLINK,
  SMILE: ChallengeStepMessage.CHALLENGE_STEP_SMILE,
};

const CHALLENGE_STATES: Record<CheckState, ChallengeStateMessage> = {
  OPEN: ChallengeStateMessage.CHALLENGE_STATE_OPEN,
  PASSED: ChallengeStateMessage.CHALLENGE_STATE_PASSED,
  FAILED: ChallengeStateMessage.CHALLENGE_STATE_FAILED,
  EXPIRED: ChallengeStateMessage.CHALLENGE_STATE_EXPIRED,
};

/** A challenge, as it stands. */
export function presentChallenge(
  { number }: Pick<Exam, 'number'>,
  { check, stored }: Challenge,
  remarks: readonly Remark[],
  now: number,
): ChallengeMessage {
  const parts = { exam: String(number), challenge: check.id };
  return {
    name: formatName('exams/{exam}/challenges/{challenge}', parts),
    // `drawSteps` is the only maker of a challenge's steps.
    steps: (check.required as ChallengeStep[]).map((step) => CHALLENGE_STEPS[step]),
    state: CHALLENGE_STATES[checkAt(check, now)],
    step: check.passed.length,
    progress: shareDone(stored.progress, check.required.length, CHALLENGE_POLICY),
    expireTime: new Date(check.expiresAt),
    remarks: presentRemarks(remarks),
  };
}
