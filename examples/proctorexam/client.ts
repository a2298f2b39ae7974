import { createHmac, randomInt } from 'node:crypto';

/** A signed client of `/api/v3` without dependencies: copy it, or read it beside `docs/families/proctorexam.md`. */

export type Value = string | number | boolean;

export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed body; undefined where there is none. */
  body: unknown;
}

/**
 * The signature of a request: HMAC-SHA256, in hex, over `name=value` of every parameter, those of the path among them,
 * ordered by name and joined by `?`. Values as they are, not URL-encoded.
 */
export function sign(secret: string, parameters: Readonly<Record<string, Value>>): string {
  const text = Object.keys(parameters)
    .sort()
    .map((name) => `${name}=${String(parameters[name])}`)
    .join('?');
  return createHmac('sha256', secret).update(text, 'utf8').digest('hex');
}

export interface ClientOptions {
  /** Of the installation, with the prefix if there is one: `http://localhost:8080`. */
  url: string;
  /** Both are told once, when an administrator makes the key. */
  token: string;
  secret: string;
  /** UTC milliseconds; the server refuses what is five minutes off. */
  now?: () => number;
}

export class Client {
  constructor(private readonly options: ClientOptions) {}

  /**
   * Sends one request.
   * @param path below `/api/v3`, with `:name` for what comes from `ids`: `/student_sessions/:id`
   */
  async send(
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    ids: Readonly<Record<string, number>> = {},
    parameters: Readonly<Record<string, Value>> = {},
  ): Promise<Answer> {
    const { url, token, secret, now = Date.now } = this.options;
    const sent = { ...parameters, nonce: randomInt(2 ** 47), timestamp: now() };
    const signed: Record<string, Value> = { ...sent, signature: sign(secret, { ...ids, ...sent }) };
    const address = new URL(
      `${url}/api/v3${path.replace(/:(\w+)/g, (_, name: string) => String(ids[name]))}`,
    );
    const inQuery = method === 'GET' || method === 'DELETE';
    if (inQuery)
      for (const [name, value] of Object.entries(signed)) address.searchParams.set(name, String(value));
    const response = await fetch(address, {
      method,
      headers: {
        authorization: `Token token=${token}`,
        accept: 'application/vnd.procwise.v3',
        ...(inQuery ? {} : { 'content-type': 'application/json' }),
      },
      ...(inQuery ? {} : { body: JSON.stringify(signed) }),
    });
    const text = await response.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, body };
  }
}
