import type { StatusError } from '../../src/call/index.js';
import { databases } from '../support/databases.js';
import { createWorld, examOf, type World } from './world.js';

/*
 * TRUSTID's Start, Join and Leave as the state machine that they are: every action in every state, by who may and by
 * who may not. What makes no sense is refused, and a repetition changes nothing.
 */

type Action = 'start' | 'join' | 'leave';
const HOUR_MS = 3_600_000;

/** How a student came to where they are; each includes what is before it. */
const PATHS = {
  'upcoming, pending': [],
  'upcoming, verified': ['verify'],
  'started, pending': ['start'],
  'started, verified': ['start', 'verify'],
  'started, approved by staff': ['start', 'approve'],
  joined: ['start', 'verify', 'join'],
  left: ['start', 'verify', 'join', 'leave'],
  'over, never joined': ['start', 'verify', 'end'],
  'over, joined': ['start', 'verify', 'join', 'end'],
} as const;
type Place = keyof typeof PATHS;

const OUTCOMES: Record<Place, Record<Action, string>> = {
  'upcoming, pending': { start: 'OK', join: 'EXAM_STATE', leave: 'NOT_JOINED' },
  'upcoming, verified': { start: 'OK', join: 'EXAM_STATE', leave: 'NOT_JOINED' },
  'started, pending': { start: 'OK', join: 'NOT_VERIFIED', leave: 'NOT_JOINED' },
  'started, verified': { start: 'OK', join: 'OK', leave: 'NOT_JOINED' },
  'started, approved by staff': { start: 'OK', join: 'OK', leave: 'NOT_JOINED' },
  joined: { start: 'OK', join: 'OK', leave: 'OK' },
  left: { start: 'OK', join: 'NOT_VERIFIED', leave: 'OK' },
  'over, never joined': { start: 'EXAM_STATE', join: 'EXAM_STATE', leave: 'NOT_JOINED' },
  'over, joined': { start: 'EXAM_STATE', join: 'EXAM_STATE', leave: 'OK' },
};

describe.each(databases)('the condition of an exam, on $name', ({ open }) => {
  let world: World;
  let exam: Awaited<ReturnType<typeof examOf>>;
  beforeEach(async () => {
    world = createWorld(await open());
    exam = await examOf(world);
  });

  const act = async (step: Action | 'verify' | 'approve' | 'end', ctx = exam.sitter): Promise<string> => {
    const { exams, identification, proctoring } = world.exams.handlers;
    const { name } = exam;
    const work = async (): Promise<unknown> => {
      switch (step) {
        case 'start':
          return exams.startExam({ name }, ctx === exam.sitter ? exam.staff : ctx);
        case 'join':
          return proctoring.joinExam({ exam: name }, ctx);
        case 'leave':
          return proctoring.leaveExam({ exam: name }, ctx);
        case 'verify': {
          const image = await world.picture();
          return identification.identifyStudent({ exam: name, image, operatingSystem: '' }, ctx);
        }
        case 'approve':
          return identification.approveStudent({ exam: name, email: exam.student.email }, exam.staff);
        case 'end':
          world.clock.advance(2 * HOUR_MS);
          return undefined;
      }
    };
    return work().then(
      () => 'OK',
      (error: unknown) => (error as StatusError).reason,
    );
  };

  test.each(Object.keys(PATHS) as Place[])('%s', async (place) => {
    for (const step of PATHS[place]) expect(await act(step)).toBe('OK');
    // Leaving first would change what joining finds: each action from a place of its own.
    const outcomes: Partial<Record<Action, string>> = {};
    for (const action of ['join', 'leave', 'start'] as const) {
      if (action !== 'join') {
        world = createWorld(await open());
        exam = await examOf(world);
        for (const step of PATHS[place]) await act(step);
      }
      outcomes[action] = await act(action);
    }
    expect(outcomes).toEqual(OUTCOMES[place]);
  });

  test('repeating an action changes nothing, and nobody is told twice', async () => {
    for (const step of ['start', 'start', 'verify', 'join', 'join', 'leave', 'leave'] as const) {
      expect(await act(step)).toBe('OK');
    }
    for (const topic of ['exam.started', 'session.joined', 'session.left']) {
      expect([topic, await world.told(topic)]).toEqual([topic, 1]);
    }
  });

  test('nobody acts for somebody else', async () => {
    const teacher = world.ctx(world.person('other@example.org').id, 'INSTRUCTOR');
    const admin = world.ctx(world.person('admin@example.org').id, 'ADMIN');
    const stranger = world.ctx(world.person('eve@example.org').id);
    expect(await act('start', teacher)).toBe('EXAM_NOT_FOUND');
    expect(await act('start', admin)).toBe('ROLE_REQUIRED');
    expect(await act('start', stranger)).toBe('ROLE_REQUIRED');
    expect(await act('start')).toBe('OK');
    for (const ctx of [teacher, admin, exam.staff, stranger]) {
      expect(await act('join', ctx)).toBe('EXAM_NOT_FOUND');
      expect(await act('leave', ctx)).toBe('EXAM_NOT_FOUND');
    }
  });
});
