import { store, stored } from '../lib/stored.js';

const CHOSEN = 'probity.camera';

/** Why there is no camera. */
export type CameraProblem = 'DENIED' | 'NONE' | 'IN_USE' | 'FORBIDDEN_HERE' | 'UNKNOWN';

export class CameraFailure extends Error {
  constructor(
    readonly problem: CameraProblem,
    cause?: unknown,
  ) {
    super(problem, { cause });
  }
}

/** What getUserMedia throws (Media Capture and Streams, 10.2). */
const PROBLEMS: Record<string, CameraProblem> = {
  NotAllowedError: 'DENIED',
  SecurityError: 'FORBIDDEN_HERE',
  NotFoundError: 'NONE',
  OverconstrainedError: 'NONE',
  NotReadableError: 'IN_USE',
  AbortError: 'IN_USE',
};

/** Width of pictures that are enrolled or compared once, and of those that only go with them. */
export const FINE = 1280;
export const COARSE = 640;
/** A camera that has given no new picture is asked again this much later. */
const NEXT_MS = 50;
const JPEG = { type: 'image/jpeg', quality: 0.88 };

/** The student's camera: one stream at a time, the picture of now whenever it is asked for. */
export class Camera {
  /** Never shown: what is not seen may be painted late, and what is moved about stops. */
  private readonly source = movie();
  private readonly mirror = movie();
  private stream: MediaStream | null = null;
  private taken: number | null = null;
  /** Counts what has been opened and closed: a stream that comes after the next of them is nobody's. */
  private generation = 0;

  constructor() {
    this.mirror.className = 'mirror';
  }

  get live(): boolean {
    const track = this.stream?.getVideoTracks()[0];
    return track !== undefined && track.readyState === 'live' && !track.muted;
  }

  /** Id of the camera in use. */
  get device(): string | null {
    return this.stream?.getVideoTracks()[0]?.getSettings().deviceId ?? null;
  }

  /** Cameras of this machine. Their names are known once one was allowed. */
  async devices(): Promise<MediaDeviceInfo[]> {
    return (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput');
  }

  /** Whether it can be opened without asking. Firefox and frames do not always say. */
  async allowed(): Promise<boolean> {
    try {
      return (await navigator.permissions.query({ name: 'camera' })).state === 'granted';
    } catch {
      return false;
    }
  }

  /**
   * Opens the camera that is named, otherwise the one of last time, otherwise any. Where it is opened once more, or closed,
   * before the browser has answered, this gives its stream back and leaves the rest to that.
   * @throws CameraFailure
   */
  async open(device: string | null = stored(CHOSEN)): Promise<void> {
    // TypeScript does not know of pages without TLS, which have none.
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (!media) throw new CameraFailure('FORBIDDEN_HERE');
    const video = { width: { ideal: FINE }, height: { ideal: 720 }, facingMode: 'user' };
    // A camera that is used twice is in use: the old stream goes first.
    this.close();
    const { generation } = this;
    let stream: MediaStream;
    try {
      stream = await media
        .getUserMedia({ video: device === null ? video : { ...video, deviceId: { exact: device } } })
        .catch((failure: unknown) => {
          if (device === null || problemOf(failure) !== 'NONE') throw failure;
          return media.getUserMedia({ video });
        });
    } catch (failure) {
      if (generation !== this.generation) return;
      throw new CameraFailure(problemOf(failure), failure);
    }
    if (generation !== this.generation) {
      stop(stream);
      return;
    }
    this.stream = stream;
    store(CHOSEN, this.device);
    for (const each of [this.source, this.mirror]) each.srcObject = stream;
    await play(this.source);
  }

  close(): void {
    this.generation += 1;
    if (this.stream) stop(this.stream);
    this.stream = null;
  }

  /** The live picture, as in a mirror. There is one: it leaves where it was before. */
  preview(): HTMLVideoElement {
    queueMicrotask(() => void play(this.mirror));
    return this.mirror;
  }

  /** The picture of now as a JPEG, at most `width` wide; null where the camera has given none since the last. */
  async picture(width: number): Promise<Blob | null> {
    if (!this.live || this.source.currentTime === this.taken) return null;
    const canvas = this.draw(width);
    if (!canvas) return null;
    this.taken = this.source.currentTime;
    return canvas.convertToBlob(JPEG);
  }

  /** The next picture that the camera gives; null once it is gone. Rejects when the signal aborts. */
  async next(width: number, signal: AbortSignal): Promise<Blob | null> {
    for (;;) {
      const picture = await this.picture(width);
      if (picture || !this.live) return picture;
      await new Promise((resolve) => setTimeout(resolve, NEXT_MS));
      signal.throwIfAborted();
    }
  }

  /** Mean brightness of the picture of now, 0 to 1 (Rec. 601 luma); null without a picture. */
  light(): number | null {
    const canvas = this.draw(32);
    const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
    if (!data) return null;
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) {
      sum += 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
    }
    return sum / (data.length / 4) / 255;
  }

  private draw(width: number): OffscreenCanvas | null {
    const { videoWidth, videoHeight } = this.source;
    if (videoWidth === 0) return null;
    const scale = Math.min(1, width / videoWidth);
    const canvas = new OffscreenCanvas(Math.round(videoWidth * scale), Math.round(videoHeight * scale));
    canvas.getContext('2d')?.drawImage(this.source, 0, 0, canvas.width, canvas.height);
    return canvas;
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function movie(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  return video;
}

/** Playing is broken off where another stream, or another place on the page, comes in between: it is asked for again there. */
async function play(video: HTMLVideoElement): Promise<void> {
  await video.play().catch(() => undefined);
}

function problemOf(failure: unknown): CameraProblem {
  return (failure instanceof Error ? PROBLEMS[failure.name] : undefined) ?? 'UNKNOWN';
}
