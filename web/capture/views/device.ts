import { h, tell } from '../../lib/dom.js';
import { button, pressed, stateBox } from '../../lib/page.js';
import { common } from '../../lib/words.js';
import type { Turn } from '../app.js';
import { CameraFailure, type Camera, type CameraProblem } from '../camera.js';
import { say } from '../words.js';
import { viewfinder } from './viewfinder.js';

const LOOK_MS = 1_000;
/** Mean brightness under and over which a face is hard to see. */
const DARK = 0.2;
const BRIGHT = 0.85;

/** Is there a camera, may it be used, and is there light? */
export async function device(turn: Turn): Promise<void> {
  const { app, signal } = turn;
  const { camera } = app;
  const allowed = await camera.allowed();
  if (!allowed) await asked(turn);
  while (!camera.live) {
    try {
      await camera.open();
    } catch (failure) {
      if (!(failure instanceof CameraFailure)) throw failure;
      await explained(turn, failure.problem);
    }
    // Another view may have begun meanwhile, and opens it for itself.
    signal.throwIfAborted();
  }
  await seen(turn);
  app.cameraChecked();
}

/** The browser's own question comes when the student expects it. */
async function asked({ app, signal }: Turn): Promise<void> {
  const on = button(say().deviceOn, 'first');
  app.shell.stage.show(say().deviceTitle, h('p', {}, say().deviceText), h('div', { class: 'actions' }, on));
  await pressed(signal, on);
}

/** What went wrong, and what the student can do. */
async function explained({ app, signal }: Turn, problem: CameraProblem): Promise<void> {
  const texts: Record<CameraProblem, [string, string]> = {
    DENIED: [say().deniedTitle, say().deniedHow],
    NONE: [say().noneTitle, say().noneHow],
    IN_USE: [say().inUseTitle, say().inUseHow],
    FORBIDDEN_HERE: [say().forbiddenTitle, say().forbiddenHow],
    UNKNOWN: [say().unknownTitle, say().unknownHow],
  };
  const [what, how] = texts[problem];
  const again = button(common().again, 'first');
  const box = stateBox('bad', what, ...how.split('\n'));
  app.shell.stage.show(say().deviceTitle, box, h('div', { class: 'actions' }, again));
  app.shell.stage.announce(what);
  await pressed(signal, again);
}

async function seen({ app, signal }: Turn): Promise<void> {
  const { camera, shell } = app;
  const light = h('p', {}, say().lightNone);
  const go = button(say().deviceContinue, 'first');
  const cameras = await camera.devices();
  shell.stage.show(
    say().deviceTitle,
    h('p', {}, say().deviceText),
    viewfinder(camera),
    light,
    cameras.length > 1 && choice(camera, cameras),
    h('div', { class: 'actions' }, go),
  );
  const look = setInterval(() => {
    tell(light, lightInWords(camera.light()));
    shell.stage.announce(light.textContent);
  }, LOOK_MS);
  signal.addEventListener('abort', () => clearInterval(look));
  await pressed(signal, go);
}

function choice(camera: Camera, cameras: readonly MediaDeviceInfo[]): HTMLElement {
  const select = h(
    'select',
    { id: 'camera' },
    ...cameras.map(({ deviceId, label }, place) =>
      h(
        'option',
        { value: deviceId, selected: deviceId === camera.device },
        label || `${say().deviceLabel} ${place + 1}`,
      ),
    ),
  );
  // One that does not open leaves no picture: the light says so, and another can be chosen.
  select.addEventListener('change', () => void camera.open(select.value).catch(() => undefined));
  return h('div', { class: 'field' }, h('label', { for: 'camera' }, say().deviceLabel), select);
}

function lightInWords(light: number | null): string {
  if (light === null) return say().lightNone;
  if (light < DARK) return say().lightDark;
  return light > BRIGHT ? say().lightBright : say().lightGood;
}
