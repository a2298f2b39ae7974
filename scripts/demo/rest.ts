/** The two REST families as the demonstration uses them. */

export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T;
}

/** A signed-in (or not yet signed-in) caller of the façade. */
export class Rest {
  constructor(
    private readonly base: string,
    private readonly token?: string,
  ) {}

  get<T>(path: string): Promise<Answer<T>> {
    return this.send<T>('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<Answer<T>> {
    return this.send<T>('POST', path, body);
  }

  /** As `post`, and anything but 2xx ends the demonstration with what the service said. */
  async must<T>(path: string, body: unknown): Promise<T> {
    const answer = await this.post<T>(path, body);
    if (answer.status >= 300)
      throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** The same service, as the person who has this password. */
  async signIn(organization: string, email: string, password: string): Promise<Rest> {
    const answer = await this.must<{ resource_obj: { access: string } }>('/login', {
      organization,
      email,
      password,
    });
    return new Rest(this.base, answer.resource_obj.access);
  }

  private async send<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(this.base + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : {}) as T };
  }
}
