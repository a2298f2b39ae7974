import { StatusError, validate } from '../../call/index.js';
import type { MonitorServiceService } from '../../grpc/gen/probity/exams/v1/monitor_service.js';
import type { Handlers } from '../../grpc/index.js';
import { examForSitter, examForStudent } from '../access.js';
import type { ExamsParts } from '../exams.js';
import type { Notifier } from '../notifier.js';
import { presentOpenAlert } from '../present/alert.js';
import { presentFrame, presentSample } from '../present/monitoring.js';
import { reportDevice } from '../processes/device.js';
import * as requests from '../requests.js';
import { openSession } from './session-store.js';
import { monitorStream } from './stream.js';
import type { Paths } from './upstream.js';

const NOTHING_OWED: ReadonlySet<number> = new Set();

/** MonitorService: watching a student during an exam. */
export function monitorService(
  dependencies: ExamsParts,
  paths: Paths,
  notifier: Notifier,
): Handlers<typeof MonitorServiceService> {
  const { storage, clock } = dependencies;
  const { db } = storage;
  return {
    async submitFrame(request, ctx) {
      const { exam: number, image, operatingSystem } = validate(requests.frameRequest, request);
      const { exam, principal } = await examForStudent(db, ctx, number);
      const session = await openSession(db, exam.id, principal.userId);
      if (!session) throw new StatusError('NOT_JOINED', 'The student has not joined this exam.');
      const { observation } = await paths.frames.submit(
        {
          sessionId: session.id,
          number: null,
          image,
          capturedAt: null,
          owed: NOTHING_OWED,
          streamId: null,
          client: operatingSystem,
        },
        { signal: ctx.signal, deadline: ctx.deadline },
      );
      return presentFrame(exam, { sessionId: session.id, userId: principal.userId }, observation);
    },

    async submitSample(request, ctx) {
      const { exam: number, sample } = validate(requests.sampleRequest, request);
      const { exam, principal } = await examForSitter(db, ctx, number, clock.now());
      const session = await openSession(db, exam.id, principal.userId);
      if (!session) throw new StatusError('NOT_JOINED', 'The student has not joined this exam.');
      const { observation } = await paths.samples.submit(
        {
          ...sample,
          sessionId: session.id,
          number: null,
          capturedAt: null,
          owed: NOTHING_OWED,
          streamId: null,
        },
        { signal: ctx.signal, deadline: ctx.deadline },
      );
      return presentSample(exam, { sessionId: session.id, userId: principal.userId }, observation);
    },

    async reportDevice(request, ctx) {
      const { exam: number, ...report } = validate(requests.reportDeviceRequest, request);
      const { exam, principal } = await examForSitter(db, ctx, number, clock.now());
      const { userId } = principal;
      const from = { userId, address: ctx.peer };
      const { forbidden, session } = await reportDevice(dependencies, notifier, exam, from, report);
      const alert = session?.change?.alert;
      return {
        forbidden,
        alerts: alert ? [presentOpenAlert(exam, { sessionId: session.id, userId }, alert)] : [],
      };
    },

    monitor: (incoming, ctx) => monitorStream(dependencies, paths, notifier, incoming, ctx),
  };
}
