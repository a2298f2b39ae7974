import sharp from 'sharp';
import type { Person } from '../demo/people.js';

/** Fits most portraits without enlarging them much, and is what a cheap webcam has. */
const WIDTH = 640;
const HEIGHT = 480;

/** Who may sit before the camera, by a name of the test's. */
export type Cast = Record<string, Person>;

/**
 * A script for pages in which `getUserMedia` answers the stream of a canvas. On it is a person of the cast, or nobody:
 * `probityCamera.show('NAME')`. As with a head before a webcam no two pictures are the same: they are framed a little
 * differently, a little lighter or darker, noisy, and one portrait follows another.
 */
export async function cameraScript(cast: Cast, first: string): Promise<string> {
  const pictures: Record<string, string[]> = {};
  for (const [name, person] of Object.entries(cast)) {
    pictures[name] = await Promise.all(person.pictures.map(address));
  }
  return `(${INSTALL})(${JSON.stringify(pictures)}, ${JSON.stringify(first)}, ${WIDTH}, ${HEIGHT});`;
}

async function address(picture: Buffer): Promise<string> {
  const fitted = await sharp(picture)
    .resize({ height: Math.round(HEIGHT * 1.05), withoutEnlargement: false })
    .jpeg({ quality: 92 })
    .toBuffer();
  return `data:image/jpeg;base64,${fitted.toString('base64')}`;
}

/** Runs in the page, before its own scripts. */
const INSTALL = `(pictures, first, width, height) => {
  if (!navigator.mediaDevices) return;
  let shown = first;
  let shot = 0;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  const images = Object.fromEntries(Object.entries(pictures).map(([name, list]) => [name, list.map((source) => {
    const image = new Image();
    image.src = source;
    return image;
  })]));
  const noise = document.createElement('canvas');
  noise.width = 256;
  noise.height = 256;
  const grains = noise.getContext('2d').createImageData(256, 256);
  for (let at = 0; at < grains.data.length; at += 4) {
    grains.data.fill(Math.random() < 0.5 ? 0 : 255, at, at + 3);
    grains.data[at + 3] = Math.random() * 24;
  }
  noise.getContext('2d').putImageData(grains, 0, 0);
  const about = (range) => (Math.random() * 2 - 1) * range;
  const draw = () => {
    shot += 1;
    context.fillStyle = '#7c7f84';
    context.fillRect(0, 0, width, height);
    const list = images[shown] || [];
    // One portrait for two seconds.
    const image = list.length > 0 ? list[Math.floor(shot / 10) % list.length] : null;
    if (image && image.complete) {
      const size = 1 + about(0.04);
      const [w, h] = [image.width * size, image.height * size];
      context.filter = 'brightness(' + (1 + about(0.06)) + ')';
      context.drawImage(image, (width - w) / 2 + about(16), (height - h) / 2 + about(12), w, h);
      context.filter = 'none';
    }
    context.fillStyle = context.createPattern(noise, 'repeat');
    context.setTransform(1, 0, 0, 1, Math.random() * 256, Math.random() * 256);
    context.fillRect(-256, -256, width + 512, height + 512);
    context.setTransform(1, 0, 0, 1, 0, 0);
  };
  setInterval(draw, 200);
  const device = { deviceId: 'canvas', groupId: '', kind: 'videoinput', label: 'Canvas', toJSON: () => ({}) };
  navigator.mediaDevices.enumerateDevices = async () => [device];
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(5);
  window.probityCamera = { show: (name) => { shown = name; } };
}`;
