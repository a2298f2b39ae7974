import { parseArgs } from 'node:util';
import { startFakeLms, TOKENS } from './server.js';
import { makeSite, makeUniversity, TEACHER } from './site.js';

const USAGE = `npm run fake-lms -- [--port N] [--students N] [--courses N] [--plugin]

  --students N  in Logic; with --courses, in the whole university
  --courses N   a university of so many courses instead of the four of the tests
  --plugin      with the functions of Probity's plugin`;

/** A Moodle to connect to by hand: `npm run fake-lms -- --port 8090 --students 500`. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8090' },
      students: { type: 'string', default: '3' },
      courses: { type: 'string' },
      plugin: { type: 'boolean', default: false },
    },
  });
  const students = Number(values.students);
  const site = values.courses
    ? makeUniversity({ courses: Number(values.courses), students })
    : makeSite({ manyStudents: students });
  site.plugin = values.plugin;
  const { url } = await startFakeLms({ port: Number(values.port), site });
  const teacher = values.courses ? site.accounts[1]?.email : TEACHER;
  console.log(`${site.name} is at ${url}; its teacher is ${teacher ?? 'nobody'}.`);
  console.log(`Tokens: ${Object.keys(TOKENS).join(', ')}`);
  console.log('Probity reaches it with PROBITY_OUTBOUND=yes and PROBITY_OUTBOUND_ALLOW=127.0.0.1.');
}

main().catch((error: unknown) => {
  const usage = error instanceof TypeError && 'code' in error;
  console.error(usage ? `${error.message}\n\n${USAGE}` : error);
  process.exit(usage ? 2 : 1);
});
