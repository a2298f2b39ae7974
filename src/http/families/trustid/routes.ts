import { invalidFields } from '../../../call/index.js';
import { Outcome } from '../../../grpc/gen/probity/biometrics/v1/finding.js';
import {
  CreateExamRequest,
  UpdateExamRequest,
  VerificationState,
} from '../../../grpc/gen/probity/exams/v1/exam_service.js';
import { RefreshPolicy } from '../../../grpc/gen/probity/identity/v1/authentication_service.js';
import { operation, type Operation } from '../../family.js';
import { formBody } from '../../form.js';
import {
  comparisonWords,
  enrolmentAdvice,
  examOfList,
  interactionWords,
  monitoringAnswer,
  moodleCourse,
  processesAnswer,
  registered,
  voiceWords,
} from './answers.js';
import { embeddingClaim, recordingOf } from './recording.js';
import { allExams, allStudents } from './lists.js';
import { register, verify } from './registration.js';
import * as schemas from './schemas.js';
import { pushNotification, serverStatus, wallet } from './wallet.js';
import { CHEAT_MODE, EXAM_TYPE, RESOURCE, ROLE, verificationStatus } from './words.js';

export interface TrustidOptions {
  /** Codes of the organisations of this installation, for the enum `organization`. */
  organisations: readonly string[];
  /** Decimal number of this server's version, `major.minor`. */
  serverVersion: number;
  clock: { now(): number };
}

/** `exam_id` → resource name. */
const examName = (id: number): string => `exams/${id}`;

/** In the place of an exam's name: the one that the student has joined. */
const JOINED = '';

/** The field that names the exam, in the core and here. */
const EXAM_FIELD = { exam: 'exam_id', name: 'exam_id' };

/** The field of running processes. */
const PROCESSES_FIELD = { processes: 'running_processes', 'processes.names': 'running_processes' };

/** The core's fields of an exam, under TRUSTID's names. */
const EXAM_FIELDS = {
  exam: 'exam_id',
  'exam.name': 'exam_id',
  'exam.display_name': 'name',
  'exam.type': 'exam_type',
  'exam.schedule_time': 'scheduled_date',
  'exam.duration': 'duration',
  'exam.privacy_policy': 'privacy_policy',
  'exam.additional_material': 'additional_material',
};

/** TRUSTID's table, in the order of its document. */
export function routes(options: TrustidOptions): Operation[] {
  const Login = schemas.loginSchema(options.organisations);
  const RegisterUser = schemas.registerUserSchema(options.organisations);
  return [
    operation({
      id: 'biometricsFaceRegisterCreate',
      method: 'POST',
      path: '/biometrics/face_register',
      summary: 'Generates the face model based on the images provided by the student',
      tag: 'Biometrics',
      auth: 'token',
      body: schemas.BiometricsFaceRegister,
      fields: { images: 'image' },
      status: 200,
      success: 'Success',
      answer: schemas.Response200,
      errors: [400, 401, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const enrolled = await core.references.enrolFace({ user: 'users/me', images: body.image }, call);
        const advice = enrolmentAdvice(enrolled);
        const accepted = enrolled.images.filter((image) => image.accepted).length;
        if (accepted === 0) {
          const reasons = advice.length > 0 ? advice : ['No usable face was found in the picture.'];
          throw invalidFields(
            reasons.map((description) => ({ field: 'images', problem: 'bad_format', description })),
          );
        }
        return {
          message: 'The face was registered.',
          resource_name: 'face',
          resource_bool: enrolled.reference?.complete ?? false,
          extra_details: [`${accepted} of ${enrolled.images.length} pictures were taken.`, ...advice].join(
            ' ',
          ),
        };
      },
    }),

    operation({
      id: 'biometricsFaceVerifyCreate',
      method: 'POST',
      path: '/biometrics/face_verify',
      summary: "Verifies the provided image based on the student's face model",
      tag: 'Biometrics',
      auth: 'token',
      body: schemas.BiometricsFaceVerify,
      fields: { ...EXAM_FIELD, operating_system: 'operating_sys' },
      status: 200,
      success: 'Success',
      answer: schemas.Response200,
      errors: [400, 401, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const { comparison, finding, verification } = await core.identification.identifyStudent(
          { exam: examName(body.exam_id), image: body.image, operatingSystem: body.operating_sys ?? '' },
          call,
        );
        const matched = comparison?.outcome === Outcome.OUTCOME_MATCH;
        const words = comparisonWords(comparison, finding);
        return {
          message: matched ? 'The student was verified.' : 'The student was not verified.',
          resource_name: 'face',
          resource_bool: matched,
          extra_details: matched ? words : `${words} Attempts left: ${verification?.attemptsLeft ?? 0}.`,
        };
      },
    }),

    operation({
      id: 'biometricsInteractionTestCreate',
      method: 'POST',
      path: '/biometrics/interaction/test',
      summary: 'The view that handles the testing of the interaction-based biometrics',
      tag: 'Biometrics',
      auth: 'token',
      body: schemas.BiometricsInteractionTest,
      fields: { dataset: 'testing_dataset' },
      status: 200,
      success: 'Success',
      answer: schemas.Response200_1,
      errors: [400, 401, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const { finding } = await core.interaction.testInteraction(
          { user: 'users/me', dataset: body.testing_dataset },
          call,
        );
        return { message: interactionWords(finding), resource_name: 'interaction' };
      },
    }),

    operation({
      id: 'biometricsInteractionTrainCreate',
      method: 'POST',
      path: '/biometrics/interaction/train',
      summary: 'The view that handles the training of the interaction-based biometrics',
      tag: 'Biometrics',
      auth: 'token',
      body: schemas.BiometricsInteractionTrain,
      fields: { dataset: 'training_dataset' },
      status: 200,
      success: 'Success',
      answer: schemas.Response200_1,
      errors: [400, 401, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const { accepted, reasons } = await core.interaction.trainInteraction(
          { user: 'users/me', dataset: body.training_dataset },
          call,
        );
        if (!accepted) {
          throw invalidFields(
            reasons.map((description) => ({ field: 'dataset', problem: 'bad_format', description })),
          );
        }
        return {
          message: ['The interaction was trained.', ...reasons].join(' '),
          resource_name: 'interaction',
        };
      },
    }),

    operation({
      id: 'biometricsListList',
      method: 'GET',
      path: '/biometrics/list',
      summary: 'Returns which biometric models have been registered by the student',
      tag: 'Biometrics',
      auth: 'token',
      status: 200,
      success: 'Success',
      answer: schemas.InlineResponse200,
      errors: [400, 401, 403, 404, 405, 415, 500],
      async run(_input, { core, options: call }) {
        const { references } = await core.references.listReferences({ user: 'users/me' }, call);
        const found = registered(references);
        return {
          message: 'The registered biometrics of the user.',
          resource_name: 'biometrics',
          resource_array: found.map((entry) => entry.biometric),
          resource_dict: Object.fromEntries(
            found.map((entry) => [entry.biometric, entry.reference.enrolTime?.toISOString() ?? '']),
          ),
        };
      },
    }),

    operation({
      id: 'biometricsMonitoringCreate',
      method: 'POST',
      path: '/biometrics/monitoring/',
      summary: 'Monitoring of voice biometrics during examination',
      tag: 'Biometrics',
      auth: 'token',
      body: schemas.BiometricsMonitoring,
      decoder: formBody,
      fields: { ...EXAM_FIELD, ...PROCESSES_FIELD, sample: 'voice_base64' },
      status: 200,
      success: 'Success',
      answer: schemas.Response200_1,
      errors: [400, 401, 403, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const audio = recordingOf(body);
        const { forbidden } = await core.monitor.reportDevice(
          {
            exam: JOINED,
            processes: { names: body.running_processes },
            operatingSystem: '',
            claims: { ip_address: body.ip_address, ...embeddingClaim(body.voice_emb_data) },
          },
          call,
        );
        const { comparison } = await core.monitor.submitSample(
          { exam: JOINED, sample: { $case: 'audio', value: audio } },
          call,
        );
        return monitoringAnswer('voice', voiceWords(comparison), forbidden);
      },
    }),

    operation({
      id: 'biometricsMonitoringFaceCreate',
      method: 'POST',
      path: '/biometrics/monitoring_face/',
      summary: 'Monitoring of face biometrics during examination',
      tag: 'Biometrics',
      auth: 'token',
      body: schemas.BiometricsMonitorFace,
      fields: { ...EXAM_FIELD, operating_system: 'operating_sys' },
      status: 200,
      success: 'Success',
      answer: schemas.Response200_1,
      errors: [400, 401, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const { comparison, finding } = await core.monitor.submitFrame(
          { exam: examName(body.exam_id), image: body.image, operatingSystem: body.operating_sys ?? '' },
          call,
        );
        return { message: comparisonWords(comparison, finding), resource_name: 'face' };
      },
    }),

    operation({
      id: 'biometricsMonitoringFaceOralCreate',
      method: 'POST',
      path: '/biometrics/monitoring_face_oral/',
      summary: 'Monitoring of face biometrics, address and running processes during an oral examination',
      tag: 'Biometrics',
      auth: 'token',
      body: schemas.BiometricsMonitorFaceOral,
      fields: { ...EXAM_FIELD, ...PROCESSES_FIELD, operating_system: 'operating_sys' },
      status: 200,
      success: 'Success',
      answer: schemas.Response200_1,
      errors: [400, 401, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const exam = examName(body.exam_id);
        const operatingSystem = body.operating_sys ?? '';
        const { forbidden } = await core.monitor.reportDevice(
          {
            exam,
            processes: { names: body.running_processes },
            operatingSystem,
            claims: { ip_address: body.ip_address },
          },
          call,
        );
        const { comparison, finding } = await core.monitor.submitFrame(
          { exam, image: body.image, operatingSystem },
          call,
        );
        return monitoringAnswer('face', comparisonWords(comparison, finding), forbidden);
      },
    }),

    pushNotification,

    register,

    serverStatus,

    operation({
      id: 'biometricsUnregisterCreate',
      method: 'POST',
      path: '/biometrics/unregister',
      summary: 'Deletes the biometric model',
      tag: 'Biometrics',
      auth: 'token',
      body: schemas.BiometricsUnregister,
      fields: { name: 'biometric_type' },
      status: 200,
      success: 'Success',
      answer: schemas.Response200_1,
      errors: [400, 401, 403, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const modality = body.biometric_type.toLowerCase();
        // No picture comes with it: a fresh server match or staff's permission stands in for one.
        await core.references.deleteReference(
          { name: `users/me/references/${modality}`, image: Buffer.alloc(0) },
          call,
        );
        return { message: `The ${modality} model was deleted.`, resource_name: modality };
      },
    }),

    verify,

    ...wallet,

    operation({
      id: 'instructorAddExamCreate',
      method: 'POST',
      path: '/instructor/add_exam',
      summary: 'Adds an examination',
      tag: 'Instructor',
      auth: 'token',
      body: schemas.AddExam,
      fields: EXAM_FIELDS,
      status: 200,
      success: 'Success',
      answer: schemas.Response200_1,
      errors: [400, 401, 403, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const exam = { ...examDetails(body), displayName: body.name };
        await core.exams.createExam(CreateExamRequest.fromPartial({ exam }), call);
        return { message: 'The examination was added.', resource_name: RESOURCE.examination };
      },
    }),

    operation({
      id: 'instructorListExamList',
      method: 'GET',
      path: '/instructor/list_exam',
      summary: 'Returns the details of examinations created by the instructor',
      tag: 'Instructor',
      auth: 'token',
      status: 200,
      success: 'Success',
      answer: schemas.InlineResponse200_2,
      errors: [400, 401, 404, 405, 415, 500],
      async run(_input, { core, options: call }) {
        const exams = await allExams(core, call);
        return {
          message: 'The examinations of the instructor.',
          resource_name: RESOURCE.examination,
          resource_array: await allStudents(exams, core, call),
        };
      },
    }),

    operation({
      id: 'instructorManualApproveStudentCreate',
      method: 'POST',
      path: '/instructor/manual_approve_student',
      summary: 'Allows instructors to manually approve students',
      tag: 'Instructor',
      auth: 'token',
      body: schemas.InstructorManualApproveStudent,
      fields: EXAM_FIELD,
      status: 200,
      success: 'Success',
      answer: schemas.Response200_6,
      errors: [400, 401, 403, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        await core.identification.approveStudent({ exam: examName(body.exam_id), email: body.email }, call);
        return { message: 'The student was approved.', resource_name: RESOURCE.user };
      },
    }),

    operation({
      id: 'instructorMoodleInformationList',
      method: 'GET',
      path: '/instructor/moodle_information',
      summary: 'Returns the Moodle courses of the instructor and their students',
      tag: 'Instructor',
      auth: 'token',
      status: 200,
      success: 'Success',
      answer: schemas.InlineResponse200_3,
      errors: [400, 401, 403, 404, 405, 415, 500],
      async run(_input, { core, options: call }) {
        const { courses, problems } = await core.lms.listCourses({}, call);
        return {
          // What could not be asked stands beside what could.
          message: ['The courses of the instructor.', ...problems.map((problem) => problem.message)].join(
            ' ',
          ),
          resource_name: 'moodle',
          resource_array: courses.map(moodleCourse),
        };
      },
    }),

    operation({
      id: 'instructorSyncCoursesExamsCreate',
      method: 'POST',
      path: '/instructor/sync_courses_exams',
      summary: 'Synchronizes courses with examinations',
      tag: 'Instructor',
      auth: 'token',
      body: schemas.InstructorSyncCoursesExams,
      fields: { exam: 'details.exam_id', students: 'details.students' },
      status: 200,
      success: 'Success',
      answer: schemas.Response200_6,
      errors: [400, 401, 403, 404, 405, 415, 500],
      async run({ body: { details } }, { core, options: call }) {
        const students = details.students.map(({ email, name, surname }) => ({
          email,
          givenName: name ?? '',
          familyName: surname ?? '',
        }));
        const done = await core.exams.batchEnrolStudents({ exam: examName(details.exam_id), students }, call);
        return {
          message: `${done.enrolledCount} students were enrolled, ${done.createdUserCount} of them new.`,
          resource_name: RESOURCE.examination,
        };
      },
    }),

    operation({
      id: 'instructorUpdateExamDetailsCreate',
      method: 'POST',
      path: '/instructor/update_exam_details',
      summary: 'Updates the details of an examination',
      tag: 'Instructor',
      auth: 'token',
      body: schemas.UpdateExam,
      fields: EXAM_FIELDS,
      status: 200,
      success: 'Success',
      answer: schemas.Response200_6,
      errors: [400, 401, 403, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const exam = { ...examDetails(body), name: examName(body.exam_id) };
        const updateMask = ['type', 'schedule_time', 'duration', 'privacy_policy'];
        if (body.additional_material !== undefined) updateMask.push('additional_material');
        await core.exams.updateExam(UpdateExamRequest.fromPartial({ exam, updateMask }), call);
        return { message: 'The examination was updated.', resource_name: RESOURCE.examination };
      },
    }),

    operation({
      id: 'loginCreate',
      method: 'POST',
      path: '/login',
      summary: 'Creates a JSON Web Token if the provided credentials are correct',
      tag: 'Login',
      auth: 'public',
      body: Login,
      fields: { organisation: 'organization' },
      status: 201,
      success: 'JSON Web Token has been created successfully. The value is returned in resource_obj.',
      answer: schemas.Response201,
      errors: [400, 401, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const login = await core.authentication.logIn(
          {
            organisation: `organisations/${body.organization}`,
            email: body.email,
            password: body.password,
            // The document's /refresh_token answers no new refresh token.
            refreshPolicy: RefreshPolicy.REFRESH_POLICY_FIXED,
          },
          call,
        );
        return {
          message: 'JSON Web Token has been created successfully.',
          resource_name: 'token',
          resource_obj: { access: login.accessToken, refresh: login.refreshToken },
        };
      },
    }),

    operation({
      id: 'monitoringCreate',
      method: 'POST',
      path: '/monitoring/',
      summary: "Monitoring of the running processes on the student's device",
      tag: 'Monitoring',
      auth: 'token',
      body: schemas.Monitoring,
      fields: { ...EXAM_FIELD, ...PROCESSES_FIELD },
      status: 200,
      success: 'Success',
      answer: schemas.Response200_1,
      errors: [400, 401, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const { exam_id, running_processes, ...said } = body;
        const { forbidden } = await core.monitor.reportDevice(
          {
            exam: examName(exam_id),
            processes: running_processes && { names: running_processes },
            operatingSystem: '',
            claims: Object.fromEntries(Object.entries(said).map(([name, value]) => [name, String(value)])),
          },
          call,
        );
        return processesAnswer(forbidden);
      },
    }),

    operation({
      id: 'refreshTokenCreate',
      method: 'POST',
      path: '/refresh_token',
      summary: 'Uses the longer-lived refresh token to obtain another access token',
      tag: 'RefreshToken',
      auth: 'public',
      body: schemas.RefreshToken,
      fields: { refresh_token: 'refresh', access_token: 'access' },
      status: 201,
      success: 'JSON Web Token has been created successfully. The value is returned in resource_str.',
      answer: schemas.Response404,
      errors: [400, 401, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const { accessToken } = await core.authentication.refreshToken(
          { refreshToken: body.refresh, accessToken: body.access ?? '' },
          call,
        );
        return {
          message: 'JSON Web Token has been created successfully.',
          resource_name: 'token',
          resource_str: accessToken,
        };
      },
    }),

    operation({
      id: 'registerUserCreate',
      method: 'POST',
      path: '/register_user',
      summary: 'Creates a new Trustid user instance',
      tag: 'RegisterUser',
      auth: 'public',
      body: RegisterUser,
      fields: { organisation: 'organization', given_name: 'name', family_name: 'surname' },
      status: 200,
      success: 'Success',
      answer: schemas.Response200_1,
      errors: [400, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        await core.users.registerUser(
          {
            organisation: `organisations/${body.organization}`,
            email: body.email,
            givenName: body.name,
            familyName: body.surname,
            password: body.password,
            role: ROLE[body.role],
          },
          call,
        );
        return { message: 'The user was registered.', resource_name: RESOURCE.user };
      },
    }),

    operation({
      id: 'studentCheckVerificationStatusCreate',
      method: 'POST',
      path: '/student/check_verification_status',
      summary: 'Allows students to poll for their verification status',
      tag: 'Student',
      auth: 'token',
      body: schemas.StudentCheckVerificationStatus,
      fields: EXAM_FIELD,
      status: 200,
      success: 'Success',
      answer: schemas.Response200_7,
      errors: [400, 401, 403, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const { state } = await core.identification.getVerification({ exam: examName(body.exam_id) }, call);
        return {
          message: verificationStatus(state),
          resource_name: RESOURCE.user,
          resource_bool: state === VerificationState.VERIFICATION_STATE_VERIFIED,
        };
      },
    }),

    operation({
      id: 'studentCheckupProcessCreate',
      method: 'POST',
      path: '/student/checkup_process',
      summary: "Returns the list of processes that are not allowed to run in the student's device",
      tag: 'Student',
      auth: 'token',
      body: schemas.StudentCheckupProcess,
      fields: PROCESSES_FIELD,
      status: 200,
      success: 'Success',
      answer: schemas.Response200_1,
      errors: [400, 401, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const request = { processes: body.running_processes, operatingSystem: '' };
        return processesAnswer((await core.processPolicies.checkProcesses(request, call)).forbidden);
      },
    }),

    operation({
      id: 'studentIdentificationCreate',
      method: 'POST',
      path: '/student/identification',
      summary: 'Returns the details of the student identified based on the image received',
      tag: 'Student',
      auth: 'token',
      body: schemas.StudentIdentification,
      fields: { ...EXAM_FIELD, value: 'identification_result' },
      status: 200,
      success: 'Success',
      answer: schemas.Response200_1,
      errors: [400, 401, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const { state } = await core.identification.recordClaim(
          {
            exam: examName(body.exam_id),
            subject: 'identification_result',
            value: body.identification_result,
          },
          call,
        );
        return { message: verificationStatus(state), resource_name: RESOURCE.user };
      },
    }),

    operation({
      id: 'studentListExamList',
      method: 'GET',
      path: '/student/list_exam',
      summary: 'Returns the details of the examinations in which the student has been enrolled',
      tag: 'Student',
      auth: 'token',
      status: 200,
      success: 'Success',
      answer: schemas.InlineResponse200_4,
      errors: [400, 401, 403, 404, 405, 415, 500],
      async run(_input, { core, options: call }) {
        const exams = await allExams(core, call);
        return {
          message: 'The examinations of the student.',
          resource_name: RESOURCE.examination,
          resource_array: exams.map(examOfList),
        };
      },
    }),

    operation({
      id: 'studentRequestManualApprovalCreate',
      method: 'POST',
      path: '/student/request_manual_approval',
      summary: 'Allows the student to request from the instructor to manually approve their identity',
      tag: 'Student',
      auth: 'token',
      body: schemas.StudentRequestManualApproval,
      fields: { ...EXAM_FIELD, approval_type: 'manual_approval_type' },
      status: 200,
      success: 'Success',
      answer: schemas.Response200_6,
      errors: [400, 401, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        await core.identification.requestApproval(
          { exam: examName(body.exam_id), approvalType: body.manual_approval_type, note: '' },
          call,
        );
        return { message: 'The approval was requested.', resource_name: RESOURCE.examination };
      },
    }),

    operation({
      id: 'studentSubmitFeedbackCreate',
      method: 'POST',
      path: '/student/submit_feedback',
      summary: 'Takes what the student says of cheating in the examination',
      tag: 'Student',
      auth: 'token',
      body: schemas.StudentSubmitFeedback,
      fields: { ...EXAM_FIELD, text: 'feedback' },
      status: 200,
      success: 'Success',
      answer: schemas.Response200_6,
      errors: [400, 401, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        await core.feedback.submitFeedback(
          {
            exam: examName(body.exam_id),
            cheatMode: CHEAT_MODE[body.cheat_mode],
            text: body.feedback,
          },
          call,
        );
        return { message: 'The feedback was taken.', resource_name: RESOURCE.examination };
      },
    }),

    operation({
      id: 'trustidVersionList',
      method: 'GET',
      path: '/trustid_version',
      summary: 'Returns the versions of Trustid applications',
      tag: 'TrustidVersion',
      auth: 'public',
      status: 200,
      success: 'Success',
      answer: schemas.InlineResponse200_5,
      errors: [400, 405, 415, 500],
      run() {
        // There are no desktop clients of ours whose versions could be named.
        return Promise.resolve({
          message: 'The versions of the applications.',
          resource_name: 'version',
          resource_dict: {
            server_version: options.serverVersion,
            timestamp: options.clock.now() / 1000,
          },
        });
      },
    }),

    operation({
      id: 'updateExamConditionCreate',
      method: 'POST',
      path: '/update_exam_condition',
      summary: 'Joins, leaves or starts an examination',
      tag: 'UpdateExamCondition',
      auth: 'token',
      body: schemas.ExamConditionUpdate,
      fields: EXAM_FIELD,
      status: 200,
      success: 'Success',
      answer: schemas.Response200_1,
      errors: [400, 401, 403, 404, 405, 415, 500],
      async run({ body }, { core, options: call }) {
        const exam = examName(body.exam_id);
        switch (body.condition) {
          case 'Start':
            await core.exams.startExam({ name: exam }, call);
            return { message: 'The examination was started.', resource_name: RESOURCE.examination };
          case 'Join':
            await core.proctoring.joinExam({ exam }, call);
            return { message: 'The student joined the examination.', resource_name: RESOURCE.examination };
          case 'Leave':
            await core.proctoring.leaveExam({ exam }, call);
            return { message: 'The student left the examination.', resource_name: RESOURCE.examination };
        }
      },
    }),
  ];
}

/** What `AddExam` and `UpdateExam` share, as the core has it. */
function examDetails(body: {
  exam_type: keyof typeof EXAM_TYPE;
  scheduled_date: Date;
  duration: number;
  privacy_policy: string;
  additional_material?: boolean | undefined;
}) {
  return {
    type: EXAM_TYPE[body.exam_type],
    scheduleTime: body.scheduled_date,
    duration: { seconds: BigInt(body.duration) * 60n, nanos: 0 },
    privacyPolicy: body.privacy_policy,
    additionalMaterial: body.additional_material ?? false,
  };
}
