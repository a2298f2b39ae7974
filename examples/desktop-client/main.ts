/**
 * A desktop client of TRUSTID without a window: plays one exam through the documented REST API, as a student's machine
 * and a teacher's do together. In the middle somebody else sits down. Ends with status 0 when the teacher was told, and
 * nothing was said of the student before.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Camera } from '../typescript/camera.js';
import { play, type Cast } from './play.js';

const USAGE = `usage: tsx main.ts --type written|oral --enrol A.jpg [--enrol B.jpg …] --identify C.jpg --watch D.jpg
    --impostor E.jpg [--voice-enrol F.flac --voice-enrol G.flac --voice-enrol H.flac --voice I.flac]
  --address URL           the service (http://localhost:8080), which lets instructors register (PROBITY_REGISTRATION=open)
  --organization CODE     UCY
  --interval SECONDS      between pictures, 1 to 60 (10)
  --voice-enrol, --voice  recordings of the student: three to enrol, another one to be verified by (oral exams)`;

const { values: options } = parseArgs({
  options: {
    type: { type: 'string', default: 'written' },
    address: { type: 'string', default: 'http://localhost:8080' },
    organization: { type: 'string', default: 'UCY' },
    interval: { type: 'string', default: '10' },
    enrol: { type: 'string', multiple: true, default: [] },
    identify: { type: 'string', default: '' },
    watch: { type: 'string', default: '' },
    impostor: { type: 'string', default: '' },
    'voice-enrol': { type: 'string', multiple: true, default: [] },
    voice: { type: 'string', multiple: true, default: [] },
  },
});

const { type, enrol, identify, watch, impostor } = options;
const pictures = [...enrol, identify, watch, impostor];
if ((type !== 'written' && type !== 'oral') || enrol.length === 0 || pictures.includes('')) {
  console.error(USAGE);
  process.exit(2);
}

const account = (who: string) => ({
  organization: options.organization,
  email: `${who}-${randomBytes(4).toString('hex')}@example.org`,
  password: randomBytes(12).toString('base64url'),
});
const cast: Cast = {
  teacher: account('teacher'),
  student: account('student'),
  enrolled: enrol.map((picture) => new Camera(picture)),
  identified: new Camera(identify),
  watched: new Camera(watch),
  impostor: new Camera(impostor),
  voice: { enrolled: options['voice-enrol'], speaking: options.voice },
};

play(options.address, type, cast, Number(options.interval) * 1000).then(
  (noticed) => {
    console.log(noticed ? 'the swap was noticed' : 'NOTHING WAS NOTICED');
    process.exitCode = noticed ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
