import cron from 'node-cron';

/** Whether these are five cron fields: a minute is the least that a schedule tells apart. */
export function isSchedule(expression: string): boolean {
  return expression.trim().split(/\s+/).length === 5 && cron.validate(expression);
}

/** When a schedule (UTC) comes next; UTC milliseconds. @throws on an expression that is none */
export function nextRun(expression: string): number {
  const task = cron.createTask(expression, () => undefined, { timezone: 'UTC', unref: true });
  try {
    // It only counts while it runs.
    void task.start();
    const next = task.getNextRun();
    if (!next) throw new Error(`The schedule ${expression} never comes.`);
    return next.getTime();
  } finally {
    void task.destroy();
  }
}
