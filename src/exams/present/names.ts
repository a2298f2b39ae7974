import { formatName } from '../../call/index.js';
import type { Exam } from '../exam.js';

export function examName({ number }: Pick<Exam, 'number'>): string {
  return formatName('exams/{exam}', { exam: String(number) });
}

export function userName(userId: string): string {
  return formatName('users/{user}', { user: userId });
}

export function sessionName({ number }: Pick<Exam, 'number'>, sessionId: string): string {
  return formatName('exams/{exam}/sessions/{session}', { exam: String(number), session: sessionId });
}

export function alertName({ number }: Pick<Exam, 'number'>, alertId: string): string {
  return formatName('exams/{exam}/alerts/{alert}', { exam: String(number), alert: alertId });
}
