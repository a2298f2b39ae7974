export interface Refusal {
  exception: string;
  errorcode: string;
  message: string;
}

/** Moodle's REST protocol with one token; nested parameters are written as Moodle names them (`data[0][name]`). */
export class WebService {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** As the mobile app gets its token. */
  static async signIn(url: string, username: string, password: string): Promise<WebService> {
    const body = new URLSearchParams({ username, password, service: 'moodle_mobile_app' });
    const response = await fetch(`${url}/login/token.php`, { method: 'POST', body });
    const answer = (await response.json()) as { token?: string; error?: string };
    if (!answer.token) throw new Error(`no token for ${username}: ${answer.error ?? 'an empty answer'}`);
    return new WebService(url, answer.token);
  }

  /** The answer, or the refusal: Moodle gives both with status 200. */
  async call<T>(name: string, parameters: Record<string, string | number>): Promise<T | Refusal> {
    const body = new URLSearchParams({
      wstoken: this.token,
      wsfunction: name,
      moodlewsrestformat: 'json',
      ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, String(value)])),
    });
    const response = await fetch(`${this.url}/webservice/rest/server.php`, { method: 'POST', body });
    return (await response.json()) as T | Refusal;
  }

  async must<T>(name: string, parameters: Record<string, string | number>): Promise<T> {
    const answer = await this.call<T>(name, parameters);
    if (isRefusal(answer)) throw new Error(`${name}: ${answer.errorcode}: ${answer.message}`);
    return answer;
  }
}

export function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'exception' in answer && 'errorcode' in answer;
}
