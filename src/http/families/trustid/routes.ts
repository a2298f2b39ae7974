import type { Operation } from '../../family.js';
import { login, refreshToken, registerUser } from './routes/accounts.js';
import {
  listModels,
  registerFace,
  testInteraction,
  trainInteraction,
  unregister,
  verifyFace,
} from './routes/biometrics.js';
import { updateExamCondition } from './routes/condition.js';
import {
  addExam,
  approveStudent,
  listExamsOfInstructor,
  moodleInformation,
  syncCoursesExams,
  updateExamDetails,
} from './routes/instructor.js';
import { monitorDevice, monitorFace, monitorFaceOral, monitorVoice } from './routes/monitoring.js';
import { register, verify } from './routes/registration.js';
import {
  checkupProcess,
  checkVerificationStatus,
  identification,
  listExamsOfStudent,
  requestManualApproval,
  submitFeedback,
} from './routes/student.js';
import { version } from './routes/version.js';
import { pushNotification, serverStatus, wallet } from './routes/wallet.js';

export interface TrustidOptions {
  /** Codes of the organisations of this installation, for the enum `organization`. */
  organisations: readonly string[];
  /** Decimal number of this server's version, `major.minor`. */
  serverVersion: number;
  clock: { now(): number };
}

/** TRUSTID's table, in the order of its document. */
export function routes(options: TrustidOptions): Operation[] {
  return [
    registerFace,
    verifyFace,
    testInteraction,
    trainInteraction,
    listModels,
    monitorVoice,
    monitorFace,
    monitorFaceOral,
    pushNotification,
    register,
    serverStatus,
    unregister,
    verify,
    ...wallet,
    addExam,
    listExamsOfInstructor,
    approveStudent,
    moodleInformation,
    syncCoursesExams,
    updateExamDetails,
    login(options.organisations),
    monitorDevice,
    refreshToken,
    registerUser(options.organisations),
    checkVerificationStatus,
    checkupProcess,
    identification,
    listExamsOfStudent,
    requestManualApproval,
    submitFeedback,
    version(options),
    updateExamCondition,
  ];
}
