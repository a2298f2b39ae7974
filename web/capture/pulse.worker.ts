/*
 * Beats once a second. Browsers slow the timers of a hidden window down to one a minute; a worker's they leave alone.
 */
const BEAT_MS = 1000;

/** Milliseconds since 1970 on a clock that nobody sets while it runs. */
const beat = (): void => postMessage(performance.timeOrigin + performance.now());

setInterval(beat, BEAT_MS);
beat();
