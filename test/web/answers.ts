import type { z } from 'zod';
import type * as schemas from '../../src/http/families/probity/capture-schemas.js';
import type * as common from '../../src/http/families/probity/schemas.js';
import type * as answers from '../../web/capture/answers.js';
import type * as review from '../../web/review/answers.js';

/** Never where the page reads of an answer what its row does not give. */
type Gives<Schema extends z.ZodType, Read> = z.output<Schema> extends Read ? true : never;

/** No test: it compiles, or the page and the rows have parted. */
export const together: [
  Gives<typeof schemas.Capture, answers.CaptureState>,
  Gives<typeof schemas.FaceAssessment, answers.Assessment>,
  Gives<typeof schemas.EnrolledPicture, answers.Enrolled>,
  Gives<typeof schemas.StartedChallenge, answers.Challenge>,
  Gives<typeof schemas.ChallengeAnswer, answers.ChallengeProgress>,
  Gives<typeof schemas.Identification, answers.Identified>,
  Gives<typeof schemas.JoinedExam, answers.Joined>,
  Gives<typeof schemas.FrameAnswer, answers.FrameTaken>,
  Gives<typeof schemas.HeartbeatAnswer, answers.HeartbeatTaken>,
  Gives<typeof common.References, review.References>,
  Gives<typeof common.Replacement, review.Replacement>,
] = [true, true, true, true, true, true, true, true, true, true, true];
