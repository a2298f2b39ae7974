// Runs in a page before its own scripts: its worker, the page's only clock, beats when the test says. Never product code.
'use strict';

(() => {
  let worker = null;
  window.Worker = class extends EventTarget {
    constructor() {
      super();
      worker = this;
    }
  };

  /** Requests that are not yet answered whole, and pictures that are being encoded. */
  const open = new Set();
  const awaited = (work) => {
    const over = work.catch(() => undefined);
    open.add(over);
    void over.then(() => open.delete(over));
  };
  const { fetch } = window;
  window.fetch = (...request) => {
    const answer = fetch(...request);
    awaited(answer.then((response) => response.clone().arrayBuffer()));
    return answer;
  };
  const { prototype } = OffscreenCanvas;
  const { convertToBlob } = prototype;
  prototype.convertToBlob = function (options) {
    const picture = convertToBlob.call(this, options);
    awaited(picture);
    return picture;
  };

  /** Once nothing is open, and nothing follows from what the last of it came to. */
  const quiet = async () => {
    do {
      await Promise.all(open);
      await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = resolve;
        port2.postMessage(null);
      });
    } while (open.size > 0);
  };

  /** Plays a second; `advance` moves the server's clock and answers its time. */
  window.beat = async () => {
    worker.dispatchEvent(new MessageEvent('message', { data: await window.advance(1000) }));
  };
  window.beats = async (count) => {
    for (let n = 0; n < count; n += 1) {
      await window.beat();
      await quiet();
    }
  };
})();
