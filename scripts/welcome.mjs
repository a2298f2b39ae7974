// Waits until the service is ready, then says where to look and what to try.
import { setTimeout as sleep } from 'node:timers/promises';

const http = `http://localhost:${process.env.PROBITY_HTTP_PORT || 8080}`;
const grpc = `localhost:${process.env.PROBITY_GRPC_PORT || 50051}`;
const data = process.env.PROBITY_DATA_DIR || './data';

for (let waited = 0; waited < 120; waited += 1) {
  const ready = await fetch(`${http}/readyz`).then(
    (answer) => answer.ok,
    () => false,
  );
  if (ready) {
    console.error(`
Probity is ready.

  REST      ${http}          API pages: ${http}/docs
  gRPC      ${grpc}               reflection is on
  Metrics   ${http}/metrics   ${http}/readyz
  First administrators and their passwords: ${data}/initial-admins.json

Try it:
  make demo                        a short exam with a swap in the middle
  curl ${http}/trustid_version
`);
    process.exit(0);
  }
  await sleep(1000);
}
