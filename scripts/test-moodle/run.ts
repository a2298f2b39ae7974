import type { Browser } from 'playwright-core';
import type { Rest } from '../demo/rest.js';
import type { Guest } from './browser.js';
import type { Moodle } from './moodle.js';
import type { Probity } from './probity.js';
import type { Protocol } from './protocol.js';
import type { WebService } from './web-service.js';

export interface MoodlePerson {
  id: number;
  username: string;
  email: string;
  name: string;
}

/** What `php/world.php` made. */
export interface World {
  course: number;
  quiz: { id: number; cmid: number; name: string };
  teacher: MoodlePerson;
  students: Record<'monitored' | 'camera' | 'exempt' | 'stranger', MoodlePerson>;
}

/** An attempt as `php/attempts.php` finds it. */
export interface Attempt {
  id: number;
  state: string;
  /** What is saved, by slot; null where nothing is. */
  answers: Record<string, string | null>;
}

/** A run over one Moodle: what the steps share. What a step brings is absent until it has held. */
export interface Run {
  readonly protocol: Protocol;
  readonly moodle: Moodle;
  readonly browser: Browser;
  /** Of Moodle. */
  readonly administrator: { username: string; password: string };
  /** Of everything that this run makes, so that a site can be used again. */
  readonly prefix: string;
  /** Of everybody whom this run makes. */
  readonly password: string;
  /** Where the web server of Moodle writes a line a request and PHP its complaints; null when it was not named. */
  readonly serverLog: string | null;
  /** For the canvas that stands in for a camera. */
  readonly camera: string;
  probity?: Probity;
  /** Administrator of an organisation of Probity. */
  admin?: Rest;
  world?: World;
  /** Id of the connection at Probity. */
  connection?: string;
  /** With the token that Probity has. */
  service?: WebService;
  student?: Guest;
  teacher?: Guest;
  /** The monitored attempt. */
  attempt?: Attempt;
}

/** The attempts of a student at the quiz. */
export function attemptsOf(run: Run, world: World, student: MoodlePerson): Promise<Attempt[]> {
  return run.moodle.ask<Attempt[]>('attempts', { quiz: world.quiz.id, user: student.id });
}
