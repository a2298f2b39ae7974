import pino from 'pino';
import type { CallOptions } from '../../src/grpc/index.js';
import { Modality } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { Purpose } from '../../src/grpc/gen/probity/compliance/v1/consent_service.js';
import { CreateExamRequest, ExamType } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { RefreshPolicy } from '../../src/grpc/gen/probity/identity/v1/authentication_service.js';
import { Role } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { openStorage } from '../../src/storage/index.js';
import { startApp } from '../support/app.js';
import { databases } from '../support/databases.js';
import { describeWithModels, groupPicture, PORTRAITS } from '../support/faces.js';

/*
 * Erasure, verified by query: a student leaves a trace in every room of the composed service, is erased, and every cell
 * of every table is searched for what would lead back to them.
 */

const EMAIL = 'ann.unmistakable@ucy.test';
const PASSWORD = 'a long enough password';
const FACE = { modality: Modality.MODALITY_FACE, purpose: Purpose.PURPOSE_EXAM_IDENTITY };
const CLAIM = 'an unmistakable claim';

describeWithModels('after the erasure of a student', () => {
  it.each(databases)('no cell of any table leads back to them, on $name', async ({ place }) => {
    const { databaseUrl, dataDir } = await place();
    const running = await startApp({ PROBITY_DATABASE_URL: databaseUrl });
    const { core } = running.app;
    const logIn = async (email: string, password: string): Promise<CallOptions> => {
      const organisation = 'organisations/UCY';
      const refreshPolicy = RefreshPolicy.REFRESH_POLICY_ROTATING;
      const request = { organisation, email, password, refreshPolicy };
      return { token: (await core.authentication.logIn(request, {})).accessToken };
    };
    let user: string;
    let alerts: number;
    try {
      const person = { email: EMAIL, givenName: 'Unmistakable', familyName: 'Unmistakable' };
      const role = Role.ROLE_STUDENT;
      await core.users.registerUser(
        { ...person, organisation: 'organisations/UCY', password: PASSWORD, role },
        {},
      );
      await expect(logIn(EMAIL, 'a wrong password')).rejects.toMatchObject({ reason: 'CREDENTIALS_WRONG' });
      const student = await logIn(EMAIL, PASSWORD);
      const admin = await logIn(running.admin.email, running.admin.password);
      user = (await core.users.getUser({ name: 'users/me' }, student)).name;

      const { policies } = await core.consents.listPolicies({ languageCode: 'en' }, {});
      await core.consents.grantConsent({ ...FACE, policyVersion: policies[0]!.version }, student);
      await core.references.enrolFace({ user, images: [PORTRAITS.obama1, PORTRAITS.obama2] }, student);
      const draft = {
        displayName: 'An exam',
        type: ExamType.EXAM_TYPE_WRITTEN,
        scheduleTime: new Date(Date.now() + 60_000),
        duration: { seconds: 3600n },
      };
      const { name: exam } = await core.exams.createExam(
        CreateExamRequest.fromPartial({ exam: draft }),
        admin,
      );
      await core.exams.batchEnrolStudents({ exam, students: [person] }, admin);
      await core.exams.startExam({ name: exam }, admin);
      await core.identification.requestApproval({ exam, approvalType: CLAIM, note: '' }, student);
      await core.identification.recordClaim({ exam, subject: CLAIM, value: CLAIM }, student);
      const face = { exam, image: PORTRAITS.obama3, operatingSystem: CLAIM };
      const { verification } = await core.identification.identifyStudent(face, student);
      expect(verification?.state).toBe('VERIFICATION_STATE_VERIFIED');
      await core.proctoring.joinExam({ exam }, student);
      await core.monitor.submitFrame({ exam, image: groupPicture(1), operatingSystem: CLAIM }, student);
      await core.proctoring.leaveExam({ exam }, student);
      const name = `${user}/references/face`;
      await core.references.allowReplacement({ name, reason: CLAIM }, admin);
      const page = { exam, user: '', pageSize: 0, pageToken: '' };
      alerts = (await core.proctoring.listAlerts(page, admin)).alerts.length;
      await core.subjects.eraseSubject({ user }, admin);
      await expect(core.users.getUser({ name: 'users/me' }, student)).rejects.toMatchObject({
        reason: 'TOKEN_INVALID',
      });
    } finally {
      await running.stop();
    }
    expect(alerts).toBeGreaterThan(0);

    const storage = await openStorage({ databaseUrl, dataDir, log: pino({ level: 'silent' }) });
    try {
      const id = user.slice('users/'.length);
      const found: string[] = [];
      let cells = 0;
      for (const table of await tablesOf(storage)) {
        for (const row of (await storage.db(table).select()) as Record<string, unknown>[]) {
          for (const [column, value] of Object.entries(row)) {
            cells++;
            const text = Buffer.isBuffer(value) ? value.toString('latin1') : String(value);
            if ([id, EMAIL, 'Unmistakable', CLAIM].some((trace) => text.includes(trace))) {
              found.push(`${table}.${column}`);
            }
          }
        }
      }
      expect(cells).toBeGreaterThan(100);
      expect(found).toEqual([]);
      expect(await storage.db('blobs').select('id')).toEqual([]);
    } finally {
      await storage.close();
    }
  });
});

async function tablesOf({ db, dialect }: Awaited<ReturnType<typeof openStorage>>): Promise<string[]> {
  return dialect === 'sqlite'
    ? db('sqlite_master').where('type', 'table').whereNot('name', 'like', 'sqlite_%').pluck<string[]>('name')
    : db('information_schema.tables')
        .where('table_schema', db.raw('database()'))
        .pluck<string[]>('table_name');
}
