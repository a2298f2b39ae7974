import { Refused } from '../../lib/api.js';
import { h, tell } from '../../lib/dom.js';
import { language } from '../../lib/i18n.js';
import { button, pressed, stateBox } from '../../lib/page.js';
import type { Joined } from '../answers.js';
import type { Turn } from '../app.js';
import type { MonitorState } from '../monitor.js';
import { mustIdentify } from '../steps.js';
import { say } from '../words.js';
import { monitorInWords, monitorTone } from './monitor-state.js';
import { viewfinder } from './viewfinder.js';

/** An exam that has not begun is asked for this often. */
const BEGUN_MS = 5_000;

/** The quiet view: what is well, what is not, and that nothing needs to be done here. */
export async function monitoring({ app, state, signal }: Turn): Promise<void> {
  const { stage } = app.shell;
  if (!app.monitor) {
    const joined = await join(app, signal);
    if (!joined) return;
    app.watch(joined, state.admission);
  }
  const box = h('div');
  const facts = h('dl', { class: 'facts' });
  const camera = h('div', { class: 'camera small' });
  const toggle = button(say().monitorShow);
  const end = button(say().monitorEnd);
  toggle.setAttribute('aria-expanded', 'false');
  toggle.addEventListener('click', () => {
    const shown = toggle.getAttribute('aria-expanded') === 'false';
    toggle.setAttribute('aria-expanded', String(shown));
    tell(toggle, shown ? say().monitorHide : say().monitorShow);
    camera.hidden = !shown;
    camera.replaceChildren(...(shown ? [viewfinder(app.camera)] : []));
  });
  camera.hidden = true;
  stage.show(say().monitorTitle, box, facts, camera, h('div', { class: 'actions' }, toggle, end));

  const needed = new Promise<void>((resolve) => {
    app.onMonitor = (now) => {
      if (mustIdentify(now.admission) || now.admission.state === 'APPROVED') resolve();
      const [text, ...lines] = monitorInWords(now);
      const next = stateBox(monitorTone(now), text, ...lines);
      if (box.textContent !== next.textContent) {
        box.replaceChildren(next);
        stage.announce([text, ...lines].join(' '));
      }
      facts.replaceChildren(...factsOf(now));
    };
  });
  signal.addEventListener('abort', () => (app.onMonitor = null));
  if (app.monitor) app.onMonitor?.(app.monitor.state);
  await Promise.race([needed, pressed(signal, end).then(() => app.end())]);
}

/** Joins, once the exam has begun. */
async function join({ api, exam, pulse, shell }: Turn['app'], signal: AbortSignal): Promise<Joined | null> {
  for (let told = false; ; told = true) {
    try {
      return await api.post<Joined>(`exams/${exam}/join`, {}, { signal });
    } catch (failure) {
      if (!(failure instanceof Refused) || failure.reason !== 'EXAM_STATE') throw failure;
      if (!told) shell.stage.show(say().monitorBefore, stateBox('plain', say().monitorBeforeText));
      await pulse.wait(BEGUN_MS, signal);
    }
  }
}

function factsOf({ online, cameraLive, lastFrameAt, waiting, words }: MonitorState): HTMLElement[] {
  const time = new Intl.DateTimeFormat(language(), { timeStyle: 'medium' });
  const last = lastFrameAt === null ? say().monitorLastNone : time.format(lastFrameAt);
  const facts: [string, string][] = [
    [say().monitorCameraLabel, cameraLive ? say().monitorCameraOn : say().monitorCameraOff],
    [say().monitorNetworkLabel, online ? say().monitorNetworkOn : say().monitorNetworkOff],
    [say().monitorLastLabel, last],
  ];
  if (waiting > 1) facts.push([say().monitorWaitingLabel, String(waiting)]);
  if (words.length > 0) facts.push([say().monitorHint, words.join(' ')]);
  return facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)));
}
