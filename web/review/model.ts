import type { Api } from '../lib/api.js';
import type { Exam, Student, Students, Told } from './answers.js';
import { follow } from './live.js';

const PAGE_SIZE = 500;

/** What happened to an exam's model. */
export type Change = Told | { event: 'live' } | { event: 'lost'; failure: unknown };

/** An exam and its students as they now are: loaded once, and then told. */
export class ExamModel {
  readonly students = new Map<string, Student>();
  /** Whether changes come as they happen. */
  live = false;
  private readonly end = new AbortController();
  private readonly listeners = new Set<(change: Change) => void>();

  private constructor(
    private readonly api: Api,
    public exam: Exam,
  ) {}

  /** @param exam `exams/12`. @throws Refused, Unreachable */
  static async open(api: Api, exam: string): Promise<ExamModel> {
    const model = new ExamModel(api, await api.get<Exam>(exam));
    const after = await model.load();
    void follow(
      api,
      exam,
      after,
      {
        told: (told) => model.take(told),
        connected: (live) => {
          if (live === model.live) return;
          model.live = live;
          model.tell({ event: 'live' });
        },
        reload: async () => {
          await model.load();
          model.tell({ event: 'exam', data: { exam: model.exam } });
        },
        lost: (failure) => model.tell({ event: 'lost', failure }),
      },
      model.end.signal,
    );
    return model;
  }

  /** Called with each change; answers what ends that. */
  onChange(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.end.abort();
    this.listeners.clear();
  }

  /** Puts what an answer said of a student in place. */
  put(student: Student): void {
    this.take({ event: 'student', data: { student } });
  }

  private take(told: Told): void {
    if (told.event === 'student') this.students.set(told.data.student.user, told.data.student);
    if (told.event === 'alert' && told.data.student) {
      this.students.set(told.data.student.user, told.data.student);
    }
    if (told.event === 'exam') this.exam = told.data.exam;
    // Of the exam is told once its students are loaded anew: who was taken out is told by nobody else.
    else this.tell(told);
  }

  /** All students; answers which event they are as of. */
  private async load(): Promise<string> {
    const found: Student[] = [];
    let asOf: string | null = null;
    for (let pageToken = ''; ;) {
      const query = { pageSize: PAGE_SIZE, ...(pageToken === '' ? {} : { pageToken }) };
      const page = await this.api.get<Students>(`${this.exam.name}/students`, { query });
      found.push(...page.students);
      // What changed between two pages is told again.
      asOf ??= page.lastEventId;
      pageToken = page.nextPageToken;
      if (pageToken === '') break;
    }
    this.students.clear();
    for (const student of found) this.students.set(student.user, student);
    return asOf;
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }
}
