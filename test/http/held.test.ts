import type { IncomingMessage } from 'node:http';
import { StatusError } from '../../src/call/index.js';
import { HeldBodies } from '../../src/http/held.js';

type Headers = Pick<IncomingMessage, 'headers'>;
const of = (bytes: number): Headers => ({ headers: { 'content-length': String(bytes) } });
const unsaid: Headers = { headers: { 'transfer-encoding': 'chunked' } };

test('one address cannot hold the room of all others, and gets its own back', () => {
  const bodies = new HeldBodies({ maxBodyBytes: 100, maxHeldBytes: 300, maxHeldBytesPerPeer: 150 });
  const release = bodies.take(of(100), 'stranger');
  expect(() => bodies.take(unsaid, 'stranger')).toThrow(StatusError);
  const others = [bodies.take(of(100), 'student'), bodies.take(of(100), 'another')];
  expect(() => bodies.take(of(1), 'a fourth')).toThrow(StatusError);
  release();
  for (let n = 0; n < 3; n++) bodies.take(unsaid, 'stranger')();
  for (const done of others) done();
});
