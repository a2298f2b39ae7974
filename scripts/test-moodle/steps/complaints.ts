import { readFileSync } from 'node:fs';
import { expect } from '../protocol.js';
import type { Run } from '../run.js';

/** What PHP and Moodle write when something is not in order; refusals that the run provokes are not among it. */
const COMPLAINT =
  /PHP (Warning|Notice|Deprecated|Fatal error|Parse error)|Debugging:|Default exception handler/;
const OURS = /accessrule\/probity\//;
/** The connection test is tried while Moodle blocks it. */
const PROVOKED = /The URL is blocked/;
const SHOWN = 5;

/** Plays a run, and then looks whether PHP complained of the plugin meanwhile. */
export async function complaints(run: Run, play: () => Promise<void>): Promise<void> {
  const { protocol, serverLog } = run;
  const before = serverLog === null ? 0 : readFileSync(serverLog).length;
  await play();
  if (serverLog !== null) {
    await protocol.step('PHP complained of nothing of the plugin’s', async () => {
      const lines = readFileSync(serverLog).subarray(before).toString('utf8').split('\n');
      // What Moodle traces by itself has the place in the line below.
      const ours = lines.filter(
        (line, index) =>
          COMPLAINT.test(line) &&
          !PROVOKED.test(line) &&
          (OURS.test(line) || (/^\* line/.test(lines[index + 1] ?? '') && OURS.test(lines[index + 1] ?? ''))),
      );
      expect(ours.length === 0, `${ours.length} times: ${ours.slice(0, SHOWN).join('\n')}`);
      return Promise.resolve(undefined);
    });
  }
  await protocol.step('Probity logged no fault', async () => {
    const faults = run.probity?.faults() ?? [];
    expect(faults.length === 0, `${faults.length} times: ${faults.slice(0, SHOWN).join('\n')}`);
    return Promise.resolve(undefined);
  });
}
