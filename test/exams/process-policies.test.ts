import type { StatusError } from '../../src/call/index.js';
import {
  OperatingSystem,
  ProcessPolicySource,
  type ProcessPolicy,
} from '../../src/grpc/gen/probity/exams/v1/process_policy_service.js';
import { PROCESS_POLICY_VERSION } from '../../src/exams/processes/process-defaults.js';
import { databases } from '../support/databases.js';
import { createWorld, enrol, examOf, ORGANISATION, START, type World } from './world.js';

const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'OK',
    (error: unknown) => (error as StatusError).reason,
  );
const OWN = `organisations/${ORGANISATION}/processPolicy`;
const DAY_MS = 86_400_000;

describe.each(databases)('process policies on $name', ({ open }) => {
  let world: World;
  let exam: Awaited<ReturnType<typeof examOf>>;
  beforeEach(async () => {
    world = createWorld(await open());
    exam = await examOf(world);
  });

  const admin = () => world.ctx(world.person('admin@example.org').id, 'ADMIN');
  const policy = (name: string, ...patterns: string[]): ProcessPolicy => ({
    name,
    rules: patterns.map((pattern) => ({
      pattern,
      operatingSystem: OperatingSystem.OPERATING_SYSTEM_UNSPECIFIED,
    })),
    source: ProcessPolicySource.PROCESS_POLICY_SOURCE_UNSPECIFIED,
    version: '',
  });
  const set = (name: string, ...patterns: string[]) =>
    world.exams.handlers.processPolicies.updateProcessPolicy({ policy: policy(name, ...patterns) }, admin());
  const check = async (...processes: string[]): Promise<string[]> => {
    const request = { processes, operatingSystem: '' };
    return (await world.exams.handlers.processPolicies.checkProcesses(request, exam.sitter)).forbidden;
  };

  test('an exam follows its own, then the organisation’s, then the shipped one', async () => {
    const { processPolicies } = world.exams.handlers;
    const name = `${exam.name}/processPolicy`;
    const follows = async (): Promise<[string, number]> => {
      const found = await processPolicies.getProcessPolicy({ name }, exam.sitter);
      return [found.source.slice('PROCESS_POLICY_SOURCE_'.length), found.rules.length];
    };
    const shipped = await follows();
    expect(shipped).toEqual(['SHIPPED', expect.any(Number)]);
    expect(shipped[1]).toBeGreaterThan(20);
    const { version } = await processPolicies.getProcessPolicy({ name }, exam.sitter);
    expect(version).toBe(PROCESS_POLICY_VERSION);
    await set(OWN, 'skype');
    expect(await follows()).toEqual(['ORGANISATION', 1]);
    const own = await processPolicies.updateProcessPolicy({ policy: policy(name, 'a', 'b') }, exam.staff);
    expect(own).toMatchObject({ name, source: ProcessPolicySource.PROCESS_POLICY_SOURCE_EXAM, version: '' });
    await processPolicies.updateProcessPolicy({ policy: policy(name) }, exam.staff);
    expect(await follows()).toEqual(['EXAM', 0]);
    await processPolicies.deleteProcessPolicy({ name }, exam.staff);
    expect(await follows()).toEqual(['ORGANISATION', 1]);
    await processPolicies.deleteProcessPolicy({ name }, exam.staff);
    await processPolicies.deleteProcessPolicy({ name: OWN }, admin());
    expect(await follows()).toEqual(shipped);
    const changes = (await world.audited()).filter(({ action }) => action === 'process_policy.changed');
    expect(changes).toHaveLength(6);
  });

  test('a check-up is by all exams that are near, together', async () => {
    expect(await check('Skype.exe', 'chrome')).toEqual(['Skype.exe']);
    const { exams } = world.exams.handlers;
    const soon = new Date(START + DAY_MS - 1);
    const later = new Date(START + DAY_MS + 1);
    const others: string[] = [];
    for (const scheduleTime of [soon, later]) {
      const other = await exams.createExam(
        { exam: { ...(await exams.getExam({ name: exam.name }, exam.staff)), scheduleTime } },
        exam.staff,
      );
      await enrol(world, other.name, exam.staff, exam.student.email);
      others.push(other.name);
    }
    await set(`${exam.name}/processPolicy`, 'one');
    await set(`${others[0]!}/processPolicy`, 'two');
    await set(`${others[1]!}/processPolicy`, 'three');
    expect(await check('one', 'two', 'three', 'skype')).toEqual(['one', 'two']);
    world.clock.advance(2);
    expect(await check('one', 'two', 'three', 'skype')).toEqual(['one', 'two', 'three']);
  });

  test('without an exam that is near, by the organisation’s', async () => {
    await set(`${exam.name}/processPolicy`, 'one');
    await set(OWN, 'two');
    const other = world.ctx(world.person('bob@example.org').id);
    const request = { processes: ['one', 'two'], operatingSystem: '' };
    const { forbidden } = await world.exams.handlers.processPolicies.checkProcesses(request, other);
    expect(forbidden).toEqual(['two']);
  });

  test('who may change what', async () => {
    const { processPolicies } = world.exams.handlers;
    const update = (name: string, ctx: typeof exam.staff): Promise<string> =>
      reasonOf(processPolicies.updateProcessPolicy({ policy: policy(name, 'a') }, ctx));
    const name = `${exam.name}/processPolicy`;
    const teacher = world.ctx(world.person('other@example.org').id, 'INSTRUCTOR');
    expect(await update(name, exam.sitter)).toBe('ROLE_REQUIRED');
    expect(await update(name, teacher)).toBe('EXAM_NOT_FOUND');
    expect(await update(OWN, exam.staff)).toBe('ROLE_REQUIRED');
    expect(await update('organisations/UCY/processPolicy', admin())).toBe('ORGANISATION_NOT_FOUND');
    expect(await update('exams/1', admin())).toBe('INVALID_FIELDS');
    await world.exams.handlers.exams.startExam({ name: exam.name }, exam.staff);
    expect(await update(name, exam.staff)).toBe('OK');
    world.clock.advance(DAY_MS);
    expect(await update(name, exam.staff)).toBe('EXAM_STATE');
  });
});
