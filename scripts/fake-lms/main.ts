import { parseArgs } from 'node:util';
import { startFakeLms, TOKENS } from './server.js';
import { makeSite, TEACHER } from './site.js';

/** A Moodle to connect to by hand: `npm run fake-lms -- --port 8090 --students 500`. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '8090' }, students: { type: 'string', default: '3' } },
  });
  const site = makeSite({ manyStudents: Number(values.students) });
  const { url } = await startFakeLms({ port: Number(values.port), site });
  console.log(`${site.name} is at ${url}; its teacher is ${TEACHER}.`);
  console.log(`Tokens: ${Object.keys(TOKENS).join(', ')}`);
  console.log('Probity reaches it with PROBITY_OUTBOUND=yes and PROBITY_OUTBOUND_ALLOW=127.0.0.1.');
}

void main();
