import { isSchedule, nextRun } from '../../src/jobs/index.js';

describe('a schedule', () => {
  afterEach(() => void jest.useRealTimers());

  it.each(['0 3 * * *', '*/15 * * * 1-5', ' 5 4 1 * * '])('%s is one', (text) => {
    expect(isSchedule(text)).toBe(true);
  });

  it.each(['', 'daily', '* * * *', '* * * * * *', '61 3 * * *', '0 3 * * * ; rm'])('%s is none', (text) => {
    expect(isSchedule(text)).toBe(false);
  });

  it('comes next at its time in UTC, and is not there twice', () => {
    jest.useFakeTimers({ now: Date.UTC(2026, 4, 7, 12) });
    const next = new Date(nextRun('30 4 * * *'));
    expect([next.getUTCHours(), next.getUTCMinutes(), next.getUTCSeconds()]).toEqual([4, 30, 0]);
    const ahead = next.getTime() - Date.now();
    expect(ahead).toBeGreaterThan(0);
    expect(ahead).toBeLessThanOrEqual(86_400_000);
    expect(nextRun('30 4 * * *')).toBe(next.getTime());
  });
});
