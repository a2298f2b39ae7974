import { interruption, INTERRUPTION_POLICY, type Signs } from '../../src/exams/watching/interruption.js';

const signs: Signs = {
  joinedAt: 0,
  lastFrameAt: 60_000,
  lastHeartbeatAt: null,
  cameraLostAt: null,
  frameIntervalMs: 10_000,
};
const at = (now: number, change: Partial<Signs> = {}): string | undefined =>
  interruption({ ...signs, ...change }, now, INTERRUPTION_POLICY)?.reason;

test('without a stream, frames may be 75 s apart, or three intervals', () => {
  expect(at(135_000)).toBeUndefined();
  expect(at(135_001)).toContain('75 s');
  expect(at(200_000, { frameIntervalMs: 60_000 })).toBeUndefined();
  expect(at(240_001, { frameIntervalMs: 60_000 })).toContain('No picture');
});

test('a stream that is silent for 5 s is interrupted; a frame is a sign of life too', () => {
  expect(at(65_000, { lastHeartbeatAt: 60_000 })).toBeUndefined();
  expect(at(65_001, { lastHeartbeatAt: 60_000 })).toContain('sign of life');
  expect(at(65_001, { lastHeartbeatAt: 60_000, lastFrameAt: 62_000 })).toBeUndefined();
});

test('heartbeats without pictures are no life', () => {
  expect(at(140_000, { lastHeartbeatAt: 140_000 })).toContain('No picture');
  expect(at(80_000, { lastFrameAt: null, lastHeartbeatAt: 80_000 })).toContain('No picture');
});

test('a lost camera counts after 5 s', () => {
  expect(at(70_000, { cameraLostAt: 66_000 })).toBeUndefined();
  expect(at(72_000, { cameraLostAt: 66_000 })).toContain('camera');
});
