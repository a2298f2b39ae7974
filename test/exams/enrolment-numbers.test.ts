import { proctorexam } from '../../migrations/0010_proctorexam.js';
import { databases } from '../support/databases.js';
import { createWorld, enrol, examOf } from './world.js';

interface Numbered {
  number: number;
  display_name: string;
}

describe.each(databases)('who was enrolled before enrolments had numbers, on $name', ({ open }) => {
  test('gets one by age, once, and the next goes on from there', async () => {
    const world = createWorld(await open());
    const { db } = world.storage;
    const exam = await examOf(world);
    const people = ['bob@example.org', 'carol@example.org'];
    for (const email of people) {
      world.clock.advance(1000);
      await enrol(world, exam.name, exam.staff, email);
    }
    // As an older version left it.
    await db('enrolments').delete();
    await db('enrolment_numbers').delete();
    const { id } = world.person('bob@example.org');
    const bob = { organisation_id: 'UC', email: 'bob@example.org', role: 'STUDENT', created_at: 0 };
    const organisation = { id: 'UC', display_name: 'UC', created_at: 0 };
    await db('organisations').insert(organisation);
    await db('users').insert({ id, ...bob, given_name: 'Bob', family_name: 'Example' });

    await proctorexam.up(db);
    await proctorexam.up(db);
    const numbered = await db<Numbered>('enrolments').orderBy('number').select('number', 'display_name');
    expect(numbered).toEqual([
      { number: 1, display_name: 'ann@example.org' },
      { number: 2, display_name: 'Bob Example' },
      { number: 3, display_name: 'carol@example.org' },
    ]);
    await enrol(world, exam.name, exam.staff, 'dan@example.org');
    expect(await db('enrolments').max({ last: 'number' })).toEqual([{ last: 4 }]);
  });
});
