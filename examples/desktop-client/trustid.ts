/** TRUSTID's documented API as a desktop client calls it: nothing here is Probity's own. */

export type Biometric = 'Face' | 'Voice' | 'Handwriting';

/** Members that the document lists; which of them an operation answers, it says. */
export interface Answer {
  message?: string;
  resource_name?: string;
  resource_bool?: boolean;
  resource_array?: unknown[];
  resource_dict?: Record<string, unknown>;
  extra_details?: string;
  is_match?: boolean;
  is_voice_detected?: boolean;
}

export interface EnrolledStudent {
  email: string;
  alerts: string;
  verification_status: string;
}

/** Any answer but 2xx, with the message of its body. */
export class Refused extends Error {
  constructor(
    path: string,
    readonly status: number,
    body: string,
  ) {
    super(`${path}: ${status} ${body}`);
  }
}

export interface Account {
  organization: string;
  email: string;
  password: string;
}

/** The service as one signed-in person sees it. */
export class Trustid {
  private constructor(
    private readonly base: string,
    /** The access token. */
    readonly access: string,
  ) {}

  static async signIn(base: string, account: Account): Promise<Trustid> {
    const login = await send<{ resource_obj: { access: string } }>(base, '/login', account);
    return new Trustid(base, login.resource_obj.access);
  }

  static register(
    base: string,
    account: Account & { name: string; surname: string; role: 'INSTRUCTOR' | 'STUDENT' },
  ): Promise<Answer> {
    return send(base, '/register_user', account);
  }

  get<T = Answer>(path: string): Promise<T> {
    return send(this.base, path, undefined, this.access);
  }

  post<T = Answer>(path: string, body: object): Promise<T> {
    return send(this.base, path, body, this.access);
  }

  /** `/biometrics/register`, `verify` and `monitoring/` take forms, not JSON. */
  form(path: string, fields: Record<string, string>): Promise<Answer> {
    return send(this.base, path, new URLSearchParams(fields), this.access);
  }

  /** The exam of that name among the teacher's own, the newest first. */
  async examNamed(name: string): Promise<{ id: number; students: EnrolledStudent[] }> {
    const { resource_array: exams } = await this.get<{
      resource_array: { exam_id: string; name: string; enrolled_students: EnrolledStudent[] }[];
    }>('/instructor/list_exam');
    const exam = exams.find((each) => each.name === name);
    if (!exam) throw new Error(`There is no exam ${name}`);
    return { id: Number(exam.exam_id), students: exam.enrolled_students };
  }
}

async function send<T>(
  base: string,
  path: string,
  body?: object | URLSearchParams,
  access?: string,
): Promise<T> {
  const form = body instanceof URLSearchParams;
  const response = await fetch(base + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      // The document's API key: the token, without a scheme.
      ...(access === undefined ? {} : { authorization: access }),
      ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Refused(path, response.status, text);
  return JSON.parse(text) as T;
}
