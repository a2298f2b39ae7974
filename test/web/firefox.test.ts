import { logIn } from '../resilience/sitting.js';
import { openCaptureRoom, student, type CaptureRoom, examOf } from '../support/capture-room.js';
import { eventually } from '../support/eventually.js';
import { describeWithModels } from '../support/faces.js';
import { Firefox } from '../support/firefox.js';

/** A smoke test: the camera is Firefox's own, which shows no face, and the clock the page's own worker. */
describeWithModels('the capture page in Firefox', () => {
  let room: CaptureRoom;
  let firefox: Firefox;

  beforeAll(async () => {
    room = await openCaptureRoom();
    firefox = await Firefox.start();
  });
  afterAll(async () => {
    await firefox.close();
    await room.close();
  });

  const says = (words: string): Promise<void> =>
    eventually(async () => expect(await firefox.text()).toContain(words), {
      withinMs: 30_000,
      everyMs: 100,
    });
  const press = async (name: string): Promise<void> => expect(await firefox.press(name)).toBe(true);

  it('opens the camera, joins, and sends pictures and signs of life until it is told to end, in both languages', async () => {
    const sitter = await student(room, 'IDENTITY', { interval: 1 });
    await firefox.open(`${room.url}/capture/#launch=${await room.site.launchToken(sitter)}`);
    await says('Check your camera');
    await press('Turn on the camera');
    await says('The light is good.');
    await press('The picture is good: continue');
    await says('All is well');
    await says('There is no face in the picture.');

    const { core } = room.running.app;
    const admin = await logIn(core, room.running.admin);
    const listed = { pageSize: 0, pageToken: '' };
    const exam = await examOf(room, sitter, admin);
    await eventually(
      async () => {
        const [session] = (await core.proctoring.listSessions({ exam, ...listed }, admin)).sessions;
        expect(session?.frameCount).toBeGreaterThanOrEqual(3);
      },
      { withinMs: 30_000, everyMs: 200 },
    );
    const gate = await room.site.call('GET', `site/activities/${sitter.activity.id}/students/${sitter.sub}`);
    expect(gate.body).toMatchObject({
      state: 'MONITORED',
      lastHeartbeatTime: expect.any(String) as string,
    });

    await press('Ελληνικά');
    await says('Η ταυτότητά σας κατά την εξέταση');
    await press('English');
    await says('Your identity during the exam');
    await press('I have finished my exam');
    await says('It is over');
  });
});
