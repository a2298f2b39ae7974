import type { Logger } from 'pino';
import type {
  ConsentGuard,
  FaceAnalyser,
  OnReferenceChanged,
  RecogniserEntry,
  ReferenceRegistry,
  SubjectData,
} from '../biometrics/index.js';
import type { Throttle } from '../checks/index.js';
import type { Audit } from '../events/index.js';
import type { CaptureServiceService } from '../grpc/gen/probity/exams/v1/capture_service.js';
import type { EnrolmentServiceService } from '../grpc/gen/probity/exams/v1/enrolment_service.js';
import type { ExamServiceService } from '../grpc/gen/probity/exams/v1/exam_service.js';
import type { FeedbackServiceService } from '../grpc/gen/probity/exams/v1/feedback_service.js';
import type { IdentificationServiceService } from '../grpc/gen/probity/exams/v1/identification_service.js';
import type { MonitorServiceService } from '../grpc/gen/probity/exams/v1/monitor_service.js';
import type { ProcessPolicyServiceService } from '../grpc/gen/probity/exams/v1/process_policy_service.js';
import type { ProctoringServiceService } from '../grpc/gen/probity/exams/v1/proctoring_service.js';
import type { ReviewServiceService } from '../grpc/gen/probity/exams/v1/review_service.js';
import type { Handlers } from '../grpc/index.js';
import type { Job } from '../jobs/index.js';
import type { Db, Storage } from '../storage/index.js';
import { createAdmissions, type AdmissionChange, type Admissions } from './admission/admissions.js';
import { createDoor, type Door } from './admission/door.js';
import { onReferenceChanged } from './alerts/reference-change.js';
import { captureService } from './capture-service.js';
import { enrolmentService } from './enrolment-service.js';
import { examService } from './exam-service.js';
import { feedbackService } from './feedback-service.js';
import type { Draw } from './identifying/challenge.js';
import { identificationService } from './identifying/identification-service.js';
import { admissionJob, completionJob, interruptionJob } from './jobs.js';
import { createNotifier } from './notifier.js';
import type { UserDirectory } from './ports.js';
import { processPolicyService } from './processes/process-policy-service.js';
import { createProvisioning, type Provisioning } from './provisioning.js';
import { reviewService } from './reviewing/review-service.js';
import { examsData } from './subject-data.js';
import { createFramePath } from './watching/frame.js';
import { checkFusionPolicy } from './watching/fusion.js';
import type { SampleJudges } from './watching/judging.js';
import { monitorService } from './watching/monitor-service.js';
import { proctoringService } from './watching/proctoring-service.js';
import { createSamplePath } from './watching/sample.js';
import { WATCH_POLICY, type WatchPolicy } from './watching/watch.js';

export interface ExamsOptions {
  /** Days that findings, alerts and sessions are kept. */
  findingRetentionDays: number;
  /** Days that the frame of an alert is kept. */
  evidenceRetentionDays: number;
  /** When an alert opens; `WATCH_POLICY` by default. */
  watch?: WatchPolicy;
}

export interface ExamsDependencies {
  storage: Storage;
  audit: Audit;
  directory: UserDirectory;
  references: Pick<ReferenceRegistry, 'reference' | 'recordMatch' | 'replaceableUntil' | 'required'>;
  analyser: FaceAnalyser;
  /** The configured face recognition model: its thresholds and calibration. */
  recogniser: RecogniserEntry;
  judges: SampleJudges;
  consent: ConsentGuard;
  throttle: Throttle;
  /** Told of every change of an admission, in the transaction that made it. */
  admissionChanged(tx: Db, change: AdmissionChange): Promise<void>;
  clock: { now(): number };
  /** Draws the steps of a challenge. */
  draw: Draw;
  log: Logger;
  options: ExamsOptions;
}

/** What the services of this room are made of. */
export interface ExamsParts extends ExamsDependencies {
  admissions: Admissions;
}

export interface Exams {
  handlers: {
    exams: Handlers<typeof ExamServiceService>;
    enrolments: Handlers<typeof EnrolmentServiceService>;
    identification: Handlers<typeof IdentificationServiceService>;
    proctoring: Handlers<typeof ProctoringServiceService>;
    capture: Handlers<typeof CaptureServiceService>;
    monitor: Handlers<typeof MonitorServiceService>;
    processPolicies: Handlers<typeof ProcessPolicyServiceService>;
    feedback: Handlers<typeof FeedbackServiceService>;
    reviews: Handlers<typeof ReviewServiceService>;
  };
  /** What an LMS makes and keeps up to date. */
  provisioning: Provisioning;
  /** What it asks and decides of their students. */
  door: Door;
  jobs: Job[];
  subjectData: SubjectData;
  referenceChanged: OnReferenceChanged;
}

/** Wires the exams services. @throws Error when the different-person policy could accuse on fewer than three observations */
export function createExams(dependencies: ExamsDependencies): Exams {
  checkFusionPolicy((dependencies.options.watch ?? WATCH_POLICY).fusion);
  const notifier = createNotifier();
  const parts: ExamsParts = { ...dependencies, admissions: createAdmissions(dependencies) };
  const paths = {
    frames: createFramePath(parts, notifier),
    samples: createSamplePath(parts, notifier),
  };
  return {
    handlers: {
      exams: examService(dependencies),
      enrolments: enrolmentService(dependencies),
      identification: identificationService(parts),
      proctoring: proctoringService(parts, notifier),
      capture: captureService(parts, paths.frames),
      monitor: monitorService(parts, paths, notifier),
      processPolicies: processPolicyService(dependencies),
      feedback: feedbackService(dependencies),
      reviews: reviewService(parts, notifier),
    },
    provisioning: createProvisioning(dependencies),
    door: createDoor(parts, notifier),
    jobs: [completionJob(parts, notifier), interruptionJob(parts, notifier), admissionJob(parts)],
    subjectData: examsData(dependencies),
    referenceChanged: onReferenceChanged(parts),
  };
}
