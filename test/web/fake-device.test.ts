import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { capture, emptyRoom } from '../../scripts/demo/camera.js';
import { AlertType, type Alert } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { logIn } from '../resilience/sitting.js';
import {
  captureWindow,
  openCaptureRoom,
  student,
  studentsBrowser,
  type CaptureRoom,
  examOf,
} from '../support/capture-room.js';
import { eventually } from '../support/eventually.js';
import { describeWithModels, PORTRAITS } from '../support/faces.js';
import { FILM_FPS, writeFilm } from '../support/film.js';

const MINUTE = 60_000;

/** Who is before the camera, and for how many seconds. */
const FILM = [
  ['SELF', 30],
  ['NOBODY', 12],
  ['OTHER', 45],
] as const;

async function* pictures(): AsyncGenerator<Buffer> {
  let shot = 0;
  for (const [who, seconds] of FILM) {
    for (let n = 0; n < seconds * FILM_FPS; n++) {
      shot += 1;
      if (who === 'NOBODY') yield emptyRoom(shot);
      else yield capture(who === 'SELF' ? PORTRAITS.obama1 : PORTRAITS.biden, shot);
    }
  }
}

/** Nothing of the page is the test's: the camera is the browser's own fake device, the clock the page's own worker. */
describeWithModels('the capture page with a camera of the browser', () => {
  let directory: string;
  let room: CaptureRoom;
  let context: BrowserContext;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'probity-film-'));
    const film = path.join(directory, 'film.y4m');
    await writeFilm(film, pictures());
    const device = ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`];
    room = await openCaptureRoom({}, ...device);
  });
  afterAll(async () => {
    await context.close();
    await room.close();
    await rm(directory, { recursive: true });
  });

  it('sees the student, then nobody, then somebody else: the alerts come in that order', async () => {
    const sitter = await student(room, 'IDENTITY', { interval: 1 });
    context = await studentsBrowser(room, { camera: false, pulse: false });
    const { page } = await captureWindow(room, context, sitter);
    await page.getByRole('button', { name: 'The picture is good: continue' }).click();
    await page.getByRole('main').getByText('All is well').waitFor();

    const { core } = room.running.app;
    const admin = await logIn(core, room.running.admin);
    const listed = { pageSize: 0, pageToken: '' };
    const exam = await examOf(room, sitter, admin);
    const { ALERT_TYPE_NO_FACE: nobody, ALERT_TYPE_DIFFERENT_PERSON: other } = AlertType;
    /** The oldest first. What the film is, a replay, may be told as well. */
    const alerts = async (): Promise<Alert[]> => {
      const { alerts: told } = await core.proctoring.listAlerts({ exam, user: '', ...listed }, admin);
      return told.filter(({ type }) => type === nobody || type === other).reverse();
    };
    await eventually(async () => expect((await alerts()).map(({ type }) => type)).toEqual([nobody, other]), {
      withinMs: 3 * MINUTE,
      everyMs: 500,
    });
    const [first, second] = await alerts();
    expect(first?.endTime).toBeDefined();
    expect(first?.beginTime?.getTime()).toBeLessThan(second?.beginTime?.getTime() ?? 0);
    const [session] = (await core.proctoring.listSessions({ exam, ...listed }, admin)).sessions;
    const seen = (first?.beginTime?.getTime() ?? 0) - (session?.joinTime?.getTime() ?? 0);
    expect(seen).toBeGreaterThan(3_000);
    // Who is somebody else shows who they are, or waits for staff.
    await page.getByRole('heading', { name: 'Show who you are' }).waitFor();
    await page.getByText('somebody else may have been in the picture').waitFor();
  });
});
