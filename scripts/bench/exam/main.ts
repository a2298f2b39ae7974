import Table from 'cli-table3';
import { availableParallelism, cpus } from 'node:os';
import { startChild } from '../child.js';
import { Refused, RestClient } from '../client.js';
import { pictures } from '../pictures.js';
import { frame } from '../scenario.js';
import type { ServerQuestions } from '../server.js';
import { distinct } from './distinct.js';
import { findKnee } from './knee.js';
import { INTERVAL_MS, KNEE, runLevel, sustained, type Level } from './level.js';
import { openRoom } from './room.js';

/** Captures of each student before they come again: more than the service compares a frame with. */
const CAPTURES = 97;
const NOTHING = undefined as never;

export interface ExamResults {
  levels: Level[];
  /** Students at the knee; 0 when not even the first level held. */
  students: number;
  /** Frames that were acknowledged in all, and frames that the service has of them afterwards. */
  acknowledged: number;
  kept: number;
}

/**
 * Many students sit one exam at one node, a frame each every ten seconds, more and more of them until the service does
 * not keep up.
 */
export async function measureExam(quick: boolean): Promise<ExamResults> {
  const size = quick ? { first: 20, most: 40, rounds: 2 } : { first: 150, most: 2400, rounds: 6 };
  const shown = await pictures(CAPTURES);
  const server = startChild<ServerQuestions>('server.ts');
  const { port } = await server.ask('start', NOTHING);
  const rest = new RestClient(port);
  const room = await openRoom(rest, shown);
  const levels: Level[] = [];
  let sent = 0;

  async function send(student: number): Promise<'ACKNOWLEDGED' | 'REFUSED'> {
    const seat = room.seats[student];
    if (!seat) throw new Error('Nobody sits there');
    const nth = sent++;
    const image = distinct(shown.frames[nth % CAPTURES] ?? shown.probe, `${student} ${nth}`);
    try {
      await rest.send(frame(room.examId, seat, image));
      return 'ACKNOWLEDGED';
    } catch (error) {
      if (error instanceof Refused && (error.status === 429 || error.status === 503)) return 'REFUSED';
      throw error;
    }
  }

  const students = await findKnee(size.first, size.most, async (count) => {
    await room.fill(count, (seated) => {
      if (seated % 50 < 8) process.stderr.write(`${seated} of ${count} students sit\n`);
    });
    const level = await runLevel(count, size.rounds, send);
    levels.push(level);
    process.stderr.write(`${count} students: ${describe(level)}\n`);
    return sustained(level);
  });
  const acknowledged = levels.reduce((sum, { frames }) => sum + frames.acknowledged, 0);
  const kept = await server.ask('framesOf', { examId: room.examId, token: room.teacher.token });
  rest.close();
  await server.stop();
  return { levels, students, acknowledged, kept };
}

export function renderExam({ levels, students, acknowledged, kept }: ExamResults): string {
  const table = new Table({
    head: ['students', 'frames/s', 'p50', 'p99', 'max', 'refused', "generator's CPU", 'sustained'],
    style: { head: [], border: [] },
  });
  for (const level of levels) {
    const { latency, refused, generatorCores } = level;
    table.push([
      level.students,
      level.perSecond.toFixed(1),
      `${latency.p50.toFixed(0)} ms`,
      `${latency.p99.toFixed(0)} ms`,
      `${latency.max.toFixed(0)} ms`,
      `${(refused * 100).toFixed(1)} %`,
      `${generatorCores.toFixed(2)} cores`,
      sustained(level) ? 'yes' : 'no',
    ]);
  }
  const best = levels.find((level) => level.students === students);
  return [
    `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, shared by the service and the generator`,
    `A frame of 640x480 each ${INTERVAL_MS / 1000} s and student; sustained: p99 from due to finding <= ${KNEE.p99Ms} ms, ` +
      `refused <= ${KNEE.refused * 100} %`,
    table.toString(),
    best ? `Knee: ${students} students, ${describe(best)}` : 'Not even the first level was sustained.',
    acknowledged <= kept
      ? `No acknowledged frame was lost: ${acknowledged} acknowledged, ${kept} kept.`
      : `LOST: ${acknowledged} acknowledged, ${kept} kept.`,
    '',
  ].join('\n');
}

function describe({ perSecond, latency, refused }: Level): string {
  return `${perSecond.toFixed(1)} frames/s, p99 ${latency.p99.toFixed(0)} ms, ${(refused * 100).toFixed(1)} % refused`;
}
