import type { CallOptions, Core } from '../../src/grpc/index.js';
import { Exam, ExamType } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { RefreshPolicy } from '../../src/grpc/gen/probity/identity/v1/authentication_service.js';
import { Role } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { capture, emptyRoom } from '../../scripts/demo/camera.js';
import { joinExam, logIn, PASSWORD, type Account, type Sitting } from '../resilience/sitting.js';
import { groupPicture, PORTRAITS } from './faces.js';

const ORGANISATION = 'organisations/UCY';

/** A teacher, and an exam of theirs that is on. */
export interface Room extends Sitting {
  teacher: Account;
  /** `12` of `exams/12`. */
  number: string;
}

export async function openRoom(core: Core, admin: Account, name: string, displayName: string): Promise<Room> {
  const teacher = { email: `${name.toLowerCase()}@ucy.test`, password: PASSWORD };
  const person = { ...teacher, givenName: name, familyName: 'Teacher', role: Role.ROLE_INSTRUCTOR };
  await core.users.createUser(person, await logIn(core, admin));
  const instructor = await logIn(core, teacher);
  const exam = Exam.fromPartial({
    displayName,
    type: ExamType.EXAM_TYPE_WRITTEN,
    scheduleTime: new Date(Date.now() + 60_000),
    duration: { seconds: 5400n },
  });
  const { name: of } = await core.exams.createExam({ exam }, instructor);
  await core.exams.startExam({ name: of }, instructor);
  return { exam: of, number: of.slice('exams/'.length), instructor, teacher };
}

/** A login as the page keeps one in its window. */
export async function pageLogin(core: Core, { email, password }: Account): Promise<string> {
  const refreshPolicy = RefreshPolicy.REFRESH_POLICY_ROTATING;
  const login = await core.authentication.logIn({
    organisation: ORGANISATION,
    email,
    password,
    refreshPolicy,
  });
  const { accessToken, refreshToken, user } = login;
  return JSON.stringify({ accessToken, refreshToken, user, launch: null });
}

/** Somebody before a camera, who sends what is wanted. */
export interface Sitter {
  options: CallOptions;
  /** The student; two people; nobody; somebody else. Each as often as is said. */
  shows(what: 'SELF' | 'TWO' | 'NOBODY' | 'OTHER', times?: number): Promise<void>;
}

export async function sitter(core: Core, room: Room, email: string): Promise<Sitter> {
  const options = await joinExam(core, room, email);
  let shot = 0;
  const take = (what: Parameters<Sitter['shows']>[0]): Promise<Buffer> => {
    shot++;
    if (what === 'NOBODY') return emptyRoom(shot);
    const portrait = { SELF: PORTRAITS.obama2, TWO: groupPicture(1), OTHER: PORTRAITS.biden }[what];
    return capture(portrait, shot);
  };
  return {
    options,
    async shows(what, times = 1) {
      for (let n = 0; n < times; n++) {
        const image = await take(what);
        await core.monitor.submitFrame({ exam: room.exam, image, operatingSystem: 'test' }, options);
      }
    },
  };
}
