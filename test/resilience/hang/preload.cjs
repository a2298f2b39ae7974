/** Required before the service: its inference workers run `hanging-worker.cjs`. The rest of the product is as it is. */
const path = require('node:path');
const threads = require('node:worker_threads');

threads.Worker = class extends threads.Worker {
  constructor(entry, options) {
    const ours = String(entry).endsWith(path.join('engine', 'worker.js'));
    super(ours ? path.join(__dirname, 'hanging-worker.cjs') : entry, options);
  }
};
