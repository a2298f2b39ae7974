import { CheatMode } from '../../../src/grpc/gen/probity/exams/v1/feedback_service.js';
import type { Core } from '../../../src/grpc/index.js';
import { Modality } from '../../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { openStorage, type Storage } from '../../../src/storage/index.js';
import pino from 'pino';
import { enrolStudent, joinExam, logIn, PASSWORD, startExam } from '../../resilience/sitting.js';
import { everything, typist as somebodyWhoTypes } from '../../biometrics/interaction/typists.js';
import { startApp, type RunningApp } from '../../support/app.js';
import { databases, type Place } from '../../support/databases.js';
import { describeWithModels, PORTRAITS } from '../../support/faces.js';

const EMAIL = 'forgotten@ucy.test';
const PUSH_TOKEN = 'ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]';

describeWithModels('a person who is erased', () => {
  describe.each(databases)('on $name', ({ name, place }) => {
    let at: Place;
    let running: RunningApp;
    let core: Core;
    let database: Storage;
    beforeAll(async () => {
      at = await place();
      running = await startApp({ PROBITY_DATABASE_URL: at.databaseUrl });
      core = running.app.core;
      database = await openStorage({ ...at, log: pino({ level: 'silent' }) });
    });
    afterAll(async () => {
      await database.close();
      await running.stop();
    });

    it('leaves nothing behind in any table, after all rooms knew them', async () => {
      const sitting = await startExam(core, running.admin);
      const student = await joinExam(core, sitting, EMAIL);
      const other = await enrolStudent(core, sitting, 'remembered@ucy.test');
      // A refused login, a claim, a request, and an alert with evidence: the same picture twice.
      await expect(logIn(core, { email: EMAIL, password: `${PASSWORD}?` })).rejects.toThrow();
      await core.identification.recordClaim({ exam: sitting.exam, subject: 'x', value: EMAIL }, student);
      await core.identification.requestApproval(
        { exam: sitting.exam, approvalType: EMAIL, note: '' },
        student,
      );
      const about = { exam: sitting.exam, cheatMode: CheatMode.CHEAT_MODE_COMMUNICATION };
      await core.feedback.submitFeedback({ ...about, text: `I am ${EMAIL}` }, student);
      await core.monitor.reportDevice(
        {
          ...{ exam: sitting.exam, operatingSystem: '', claims: { face_rec_result: EMAIL } },
          processes: { names: [`skype of ${EMAIL}`, `/home/${EMAIL}/skype-of-me`] },
        },
        student,
      );
      const frame = { exam: sitting.exam, image: PORTRAITS.obama3, operatingSystem: `Linux of ${EMAIL}` };
      await core.monitor.submitFrame(frame, student);
      const [alert] = (await core.monitor.submitFrame(frame, student)).alerts;
      expect(alert).toMatchObject({ hasEvidence: true });
      await core.proctoring.getEvidence({ alert: alert!.name }, sitting.instructor);
      await core.proctoring.leaveExam({ exam: sitting.exam }, student);
      // The phone has the face, and is asked for it.
      const phone = { modality: Modality.MODALITY_FACE, pushToken: PUSH_TOKEN };
      const { template } = await core.wallet.handOver(phone, student);
      const answers = [{ modality: phone.modality, template }];
      await core.wallet.returnTemplates({ answers }, student);
      await core.wallet.requestTemplates({ user: 'users/me' }, student);
      const { policies } = await core.consents.listPolicies({ languageCode: 'en' }, {});
      const { version: policyVersion, ...typing } = policies.find(
        ({ modality }) => modality === Modality.MODALITY_INTERACTION,
      )!;
      await core.consents.grantConsent({ ...typing, policyVersion }, student);
      const typist = { user: 'users/me', dataset: everything(somebodyWhoTypes(1)) };
      expect(await core.interaction.trainInteraction(typist, student)).toMatchObject({ accepted: true });
      await core.interaction.testInteraction(typist, student);

      const me = await core.users.getUser({ name: 'users/me' }, student);
      const id = me.name.split('/')[1]!;
      const { document } = await core.subjects.exportSubject({ user: 'users/me' }, student);
      const exported = document.toString();
      for (const known of [EMAIL, id, PUSH_TOKEN, alert!.name.split('/').at(-1)!])
        expect(exported).toContain(known);
      const before = await tablesWith(database, [id, EMAIL]);
      expect(before.length).toBeGreaterThan(8);

      await core.subjects.eraseSubject({ user: 'users/me' }, student);

      expect(await tablesWith(database, [id, EMAIL])).toEqual([]);
      const admin = await logIn(core, running.admin);
      await expect(core.proctoring.getEvidence({ alert: alert!.name }, admin)).rejects.toMatchObject({
        code: 5,
      });
      await expect(core.users.getUser({ name: me.name }, admin)).rejects.toMatchObject({
        reason: 'USER_NOT_FOUND',
      });
      expect(await core.audit.verifyAuditTrail({}, admin)).toMatchObject({ intact: true });
      // Nobody else lost anything.
      const { references } = await core.references.listReferences({ user: 'users/me' }, other);
      expect(references).toHaveLength(1);
      const exam = await core.exams.getExam({ name: sitting.exam }, sitting.instructor);
      expect(exam.displayName).toBe('Algebra');
    });

    /** `table.column` of every value of the database in which one of the words is, as text or inside bytes. */
    async function tablesWith({ db }: Storage, words: readonly string[]): Promise<string[]> {
      const tables =
        name === 'sqlite'
          ? await db('sqlite_master').where({ type: 'table' }).pluck<string[]>('name')
          : await db('information_schema.tables')
              .whereRaw('table_schema = database()')
              .pluck<string[]>('table_name');
      const found = new Set<string>();
      for (const table of tables) {
        for (const row of await db<Record<string, unknown>>(table).select()) {
          for (const [column, value] of Object.entries(row)) {
            const text = Buffer.isBuffer(value) ? value.toString('latin1') : String(value);
            if (words.some((word) => text.includes(word))) found.add(`${table}.${column}`);
          }
        }
      }
      return [...found].sort();
    }
  });
});
