import type { Tone } from '../../lib/page.js';
import type { MonitorState } from '../monitor.js';
import { say } from '../words.js';

/** Of what is not well, what matters most: what it is, and what to do. */
export function monitorInWords({ online, cameraLive, admission }: MonitorState): [string, string] {
  if (!online) return [say().monitorOffline, say().monitorOfflineText];
  if (!cameraLive) return [say().monitorCamera, say().monitorCameraText];
  if (!admission.admitted) return [say().monitorPaused, say().monitorPausedText];
  return [say().monitorWell, say().monitorWellText];
}

export function monitorTone({ online, cameraLive, admission }: MonitorState): Tone {
  if (!online || !cameraLive) return 'bad';
  return admission.admitted ? 'good' : 'warn';
}
