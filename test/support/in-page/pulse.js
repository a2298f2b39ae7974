// Runs in a page before its own scripts: its worker, the page's only clock, beats when the test says. Never product code.
'use strict';

window.Worker = class extends EventTarget {
  constructor() {
    super();
    window.testPulse = this;
  }

  /** @param now UTC milliseconds */
  beat(now) {
    this.dispatchEvent(new MessageEvent('message', { data: now }));
  }
};
