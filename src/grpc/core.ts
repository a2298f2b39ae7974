import { AuditServiceService } from './gen/probity/compliance/v1/audit_service.js';
import { ConsentServiceService } from './gen/probity/compliance/v1/consent_service.js';
import { SubjectServiceService } from './gen/probity/compliance/v1/subject_service.js';
import { FaceServiceService } from './gen/probity/biometrics/v1/face_service.js';
import { HandwritingServiceService } from './gen/probity/biometrics/v1/handwriting_service.js';
import { InteractionServiceService } from './gen/probity/biometrics/v1/interaction_service.js';
import { ModelServiceService } from './gen/probity/biometrics/v1/model_service.js';
import { ReferenceServiceService } from './gen/probity/biometrics/v1/reference_service.js';
import { WalletServiceService } from './gen/probity/biometrics/v1/wallet_service.js';
import { VoiceServiceService } from './gen/probity/biometrics/v1/voice_service.js';
import { CaptureServiceService } from './gen/probity/exams/v1/capture_service.js';
import { EnrolmentServiceService } from './gen/probity/exams/v1/enrolment_service.js';
import { ExamServiceService } from './gen/probity/exams/v1/exam_service.js';
import { FeedbackServiceService } from './gen/probity/exams/v1/feedback_service.js';
import { IdentificationServiceService } from './gen/probity/exams/v1/identification_service.js';
import { MonitorServiceService } from './gen/probity/exams/v1/monitor_service.js';
import { ProcessPolicyServiceService } from './gen/probity/exams/v1/process_policy_service.js';
import { ProctoringServiceService } from './gen/probity/exams/v1/proctoring_service.js';
import { ReviewServiceService } from './gen/probity/exams/v1/review_service.js';
import { ApiKeyServiceService } from './gen/probity/identity/v1/api_key_service.js';
import { AuthenticationServiceService } from './gen/probity/identity/v1/authentication_service.js';
import { IdentityProviderServiceService } from './gen/probity/identity/v1/identity_provider_service.js';
import { OrganisationServiceService } from './gen/probity/identity/v1/organisation_service.js';
import { SsoServiceService } from './gen/probity/identity/v1/sso_service.js';
import { UserServiceService } from './gen/probity/identity/v1/user_service.js';
import { LaunchServiceService } from './gen/probity/lms/v1/launch_service.js';
import { LmsServiceService } from './gen/probity/lms/v1/lms_service.js';
import { LmsSyncServiceService } from './gen/probity/lms/v1/lms_sync_service.js';
import { SiteServiceService } from './gen/probity/lms/v1/site_service.js';
import type { Client, Handlers } from './service.js';

/** The core's contract, whole: every service by the name that callers use. */
export const services = {
  organisations: OrganisationServiceService,
  users: UserServiceService,
  authentication: AuthenticationServiceService,
  apiKeys: ApiKeyServiceService,
  sso: SsoServiceService,
  identityProviders: IdentityProviderServiceService,
  faces: FaceServiceService,
  references: ReferenceServiceService,
  handwriting: HandwritingServiceService,
  models: ModelServiceService,
  interaction: InteractionServiceService,
  wallet: WalletServiceService,
  voices: VoiceServiceService,
  exams: ExamServiceService,
  enrolments: EnrolmentServiceService,
  identification: IdentificationServiceService,
  proctoring: ProctoringServiceService,
  capture: CaptureServiceService,
  monitor: MonitorServiceService,
  processPolicies: ProcessPolicyServiceService,
  feedback: FeedbackServiceService,
  reviews: ReviewServiceService,
  lms: LmsServiceService,
  lmsSyncs: LmsSyncServiceService,
  launches: LaunchServiceService,
  site: SiteServiceService,
  consents: ConsentServiceService,
  subjects: SubjectServiceService,
  audit: AuditServiceService,
} as const;

export type Services = typeof services;

/** Implements the whole core. */
export type CoreHandlers = { readonly [K in keyof Services]: Handlers<Services[K]> };

/** Calls the whole core. */
export type Core = { readonly [K in keyof Services]: Client<Services[K]> };

/** Rpcs that need no access token. Everything else is refused without one before its handler runs. */
export const PUBLIC_METHODS: ReadonlySet<string> = new Set([
  OrganisationServiceService.listOrganisations.path,
  UserServiceService.registerUser.path,
  AuthenticationServiceService.logIn.path,
  AuthenticationServiceService.refreshToken.path,
  AuthenticationServiceService.getKeySet.path,
  ApiKeyServiceService.exchangeSignature.path,
  ...Object.values(SsoServiceService).map(({ path }) => path),
  ConsentServiceService.listPolicies.path,
  LaunchServiceService.launch.path,
  LaunchServiceService.getOpener.path,
]);

/**
 * Streams whose caller is proven again and again while they are open: they tell of other people for as long as they
 * like, and end with the access token, the login or the role.
 */
export const REPROVEN_METHODS: ReadonlySet<string> = new Set([ReviewServiceService.watchExam.path]);
