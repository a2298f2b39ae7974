import { eventually } from '../support/eventually.js';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import sharp from 'sharp';
import { capture, emptyRoom } from '../../scripts/demo/camera.js';
import type { CallOptions, Core } from '../../src/grpc/index.js';
import { AlertType, type Alert } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { send } from '../http/support/facade.js';
import { databases } from '../support/databases.js';
import { describeWithModels, groupPicture, PORTRAITS } from '../support/faces.js';
import { Recorder } from './recorder.js';
import { startService, type Service } from './service.js';
import { joinExam, logIn, startExam, type Account, type Sitting } from './sitting.js';

/*
 * kill -9 in the middle of a monitored exam, again and again: one student streams, another posts frames over REST,
 * and both note what they were told. Where the service dies is random, from a seed.
 */

const SEED = 20261122;
const KILLS = 4;
const FRAMES = 80;

/** Per kill: after how many more findings, and how many milliseconds later. */
const points = fc.sample(fc.tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 0, max: 120 })), {
  seed: SEED,
  numRuns: KILLS,
});

/** The student, then visitors, then an empty chair, then a picture that was sent before; over and over. */
async function frames(): Promise<Buffer[]> {
  const visitors = await sharp(groupPicture(1)).resize(800).toBuffer();
  const all: Buffer[] = [];
  for (let n = 0; n < FRAMES; n++) {
    const scene = n % 8;
    if (scene === 2 || scene === 3) all.push(await capture(visitors, n));
    else if (scene === 5 || scene === 6) all.push(await emptyRoom(n));
    else if (scene === 7) all.push(all[n - 7]!);
    else all.push(await capture(PORTRAITS.obama3, n));
  }
  return all;
}

describeWithModels('kill -9 in the middle of an exam', () => {
  let streamed: Buffer[];
  let posted: Buffer[];
  beforeAll(async () => {
    streamed = await frames();
    posted = await frames();
  });

  describe.each(databases)('on $name', ({ place }) => {
    let settings: Record<string, string>;
    let admin: Account;
    let service: Service;
    let core: Core;
    let sitting: Sitting;
    let streamer: CallOptions;
    let poster: CallOptions;
    let recorder: Recorder;
    /** Frames that were answered with 200, and those that were sent at all. */
    const rest = { acknowledged: 0, sent: 0 };

    const start = async (): Promise<void> => {
      service = await startService(settings);
      core = await service.connect();
    };

    beforeAll(async () => {
      const { databaseUrl, dataDir } = await place();
      settings = { PROBITY_DATABASE_URL: databaseUrl, PROBITY_DATA_DIR: dataDir };
      await start();
      admin = await service.admin();
      sitting = await startExam(core, admin);
      streamer = await joinExam(core, sitting, 'streamer@ucy.test');
      poster = await joinExam(core, sitting, 'poster@ucy.test');
      recorder = new Recorder(sitting.exam, streamer, streamed);
    });

    /** Posts one frame after the other until the service is gone. */
    const post = async (): Promise<void> => {
      const { url, ended } = service;
      for (;;) {
        const image = posted[rest.sent % posted.length]!.toString('base64');
        const body = { image, exam_id: sitting.exam.split('/')[1] };
        const sent = { body, token: poster.token! };
        rest.sent++;
        const answer = await send(`${url}/biometrics/monitoring_face/`, 'POST', sent).catch(() => null);
        if (!answer) {
          expect((await ended).signal).toBe('SIGKILL');
          return;
        }
        expect(answer.status).toBe(200);
        rest.acknowledged++;
      }
    };

    it('takes the stream up where it broke, each time', async () => {
      for (const [count, ms] of points) {
        const before = recorder.acknowledged.size;
        const streaming = recorder.stream(core);
        const posting = post();
        await recorder.until(() => recorder.acknowledged.size >= before + count);
        await delay(ms); // Where in the next frames it dies is the point.
        service.signal('SIGKILL');
        expect((await service.ended).signal).toBe('SIGKILL');
        const [{ end }] = await Promise.all([streaming, posting]);
        expect(end).toMatchObject({ reason: 'CORE_UNAVAILABLE' });
        const { acknowledged, sent, lastEvent } = recorder;
        await start();

        // Opens once more, only to hear what is said of where it stands.
        const abort = new AbortController();
        const idle = new Recorder(sitting.exam, streamer, []);
        const stood = idle.stream(core, abort.signal);
        await idle.until(() => idle.lastEvent >= lastEvent);
        abort.abort();
        const { nextFrame } = (await stood).opened;
        expect(nextFrame).toBeGreaterThan(Math.max(...acknowledged));
        expect(nextFrame).toBeLessThanOrEqual(sent + 1);
      }
    });

    it('has everything that it acknowledged, once', async () => {
      const abort = new AbortController();
      const last = recorder.stream(core, abort.signal);
      const target = recorder.sent + 8;
      await recorder.until(() => recorder.acknowledged.has(target));
      abort.abort();
      await last;

      // Everything from the start, as told now: the recorder of it all compares numbers and contents.
      const replayed = async (count: number): Promise<number> => {
        const again = new AbortController();
        const replay = new Recorder(sitting.exam, streamer, []);
        const replaying = replay.stream(core, again.signal);
        await replay.until(() => replay.acknowledged.size >= count && replay.lastEvent >= recorder.lastEvent);
        again.abort();
        await replaying;
        for (const [number, message] of recorder.events) expect(replay.events.get(number)).toEqual(message);
        const frames = [...replay.events.values()].flatMap((m) =>
          m?.$case === 'finding' ? [m.value.frame] : [],
        );
        expect(frames).toEqual(Array.from({ length: frames.length }, (_, i) => i + 1));
        return frames.length;
      };
      const me = (await core.users.getUser({ name: 'users/me' }, streamer)).name;
      const page = { exam: sitting.exam, user: '', pageSize: 1000, pageToken: '' };
      const sessionsNow = async () => (await core.proctoring.listSessions(page, sitting.instructor)).sessions;
      // Frames that were under way when the stream was left are committed a moment later.
      await eventually(async () => {
        const mine = (await sessionsNow()).find(({ user }) => user === me)!;
        expect(mine.frameCount).toBe(await replayed(mine.frameCount));
      });

      const sessions = await sessionsNow();
      expect(sessions).toHaveLength(2);
      const other = sessions.find(({ user }) => user !== me)!;
      // At most the one frame under way at each kill was committed without an answer.
      expect(rest.acknowledged).toBeGreaterThan(0);
      expect(other.frameCount).toBeGreaterThanOrEqual(rest.acknowledged);
      expect(other.frameCount).toBeLessThanOrEqual(rest.sent);
    });

    it('has every alert, once, and its evidence', async () => {
      const page = { exam: sitting.exam, user: '', pageSize: 1000, pageToken: '' };
      const { alerts } = await core.proctoring.listAlerts(page, sitting.instructor);
      const told = recorder.alerts();
      const types = new Set([...told.values()].map(({ type }) => type));
      expect(types).toContain(AlertType.ALERT_TYPE_SEVERAL_FACES);
      expect(types).toContain(AlertType.ALERT_TYPE_REPLAYED_FRAME);
      for (const [name, alert] of told) {
        const kept = alerts.find((each) => each.name === name);
        expect(kept).toMatchObject({ type: alert.type, beginTime: alert.beginTime });
      }
      for (const { name, hasEvidence } of alerts) {
        if (!hasEvidence) continue;
        const { image } = await core.proctoring.getEvidence({ alert: name }, sitting.instructor);
        expect((await sharp(image).metadata()).format).toBe('jpeg');
      }
      expect(alerts.filter(({ hasEvidence }) => hasEvidence).length).toBeGreaterThan(2);
      expect(overlapping(alerts)).toEqual([]);
    });

    it('has an audit trail without a break', async () => {
      const verified = await core.audit.verifyAuditTrail({}, await logIn(core, admin));
      expect(verified).toMatchObject({ intact: true });
    });
  });
});

/** One event is one alert: pairs of alerts of one session and type that last at the same time. */
function overlapping(alerts: readonly Alert[]): [string, string][] {
  const pairs: [string, string][] = [];
  const span = ({ beginTime, endTime }: Alert): [number, number] => [
    beginTime!.getTime(),
    endTime?.getTime() ?? Infinity,
  ];
  for (const [i, a] of alerts.entries()) {
    for (const b of alerts.slice(i + 1)) {
      if (a.session !== b.session || a.type !== b.type) continue;
      const [[beginA, endA], [beginB, endB]] = [span(a), span(b)];
      if (beginA < endB && beginB < endA) pairs.push([a.name, b.name]);
    }
  }
  return pairs;
}
