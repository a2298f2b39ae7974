// Runs in a page before its own scripts: `getUserMedia` gives what the test draws on a canvas. Never product code.
'use strict';

(() => {
  const FPS = window.testCameraFps;
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 480;
  const context = canvas.getContext('2d');
  let picture = null;
  const tracks = [];
  let failure = null;
  let asked = 0;
  let answer = Promise.resolve();

  /** Nobody sits quite still, and no light is quite steady: two frames are never one capture. */
  const some = (most) => (Math.random() * 2 - 1) * most;
  const draw = () => {
    const { width, height } = canvas;
    context.fillStyle = '#7a7f85';
    context.fillRect(0, 0, width, height);
    if (picture) {
      const scale = Math.min(width / picture.width, height / picture.height);
      const [wide, high] = [picture.width * scale, picture.height * scale];
      context.drawImage(picture, (width - wide) / 2 + some(12), (height - high) / 2 + some(6), wide, high);
    }
    context.fillStyle = `rgb(255 255 255 / ${5 + some(4)}%)`;
    context.fillRect(0, 0, width, height);
  };
  setInterval(draw, 1000 / FPS);
  draw();

  window.testCamera = {
    /** @param jpeg in base64, or null for an empty room */
    async show(jpeg) {
      const bytes = jpeg === null ? null : Uint8Array.from(atob(jpeg), (each) => each.charCodeAt(0));
      picture = bytes && (await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' })));
      draw();
    },
    /** Every later `getUserMedia` fails so; null: none does. @param name of a DOMException */
    fail(name) {
      failure = name;
    },
    /** The cable is out. */
    unplug() {
      for (const track of tracks) track.stop();
      failure = 'NotFoundError';
    },
    plug() {
      failure = null;
    },
    /** The browser asks the student before it gives a camera; answers what ends that. */
    hold() {
      let release;
      answer = new Promise((resolve) => (release = resolve));
      window.testCamera.release = release;
    },
    /** How often `getUserMedia` was called, and how many of the streams that it gave go on. */
    seen: () => ({ asked, live: tracks.filter(({ readyState }) => readyState === 'live').length }),
  };

  navigator.mediaDevices.getUserMedia = async () => {
    asked += 1;
    await answer;
    if (failure !== null) throw new DOMException('as the test says', failure);
    const stream = canvas.captureStream();
    tracks.push(...stream.getVideoTracks());
    return stream;
  };
  navigator.mediaDevices.enumerateDevices = async () =>
    ['Built-in camera', 'USB camera'].map((label, n) => ({
      kind: 'videoinput',
      deviceId: `camera-${n}`,
      label,
    }));
})();
