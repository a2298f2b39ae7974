import { Agent, request } from 'node:http';

/** A request whose body is made before it is measured. */
export interface Prepared {
  method: 'GET' | 'POST';
  path: string;
  body: Buffer;
  token?: string | undefined;
}

export function post(path: string, body: unknown, token?: string): Prepared {
  return { method: 'POST', path, body: Buffer.from(JSON.stringify(body)), token };
}

export function get(path: string, token?: string): Prepared {
  return { method: 'GET', path, body: Buffer.alloc(0), token };
}

/** Any answer but 2xx. */
export class Refused extends Error {
  constructor(
    request: { method: string; path: string },
    readonly status: number,
    body: string,
  ) {
    super(`${request.method} ${request.path}: ${status} ${body}`);
  }
}

/** Sends requests over kept connections, with as little work of its own as can be. */
export class RestClient {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly port: number) {}

  /** The body of the answer. @throws Refused */
  send({ method, path, body, token }: Prepared): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.agent,
          host: '127.0.0.1',
          port: this.port,
          method,
          path,
          headers: {
            'content-type': 'application/json',
            'content-length': body.length,
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          },
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.once('error', reject);
          response.once('end', () => {
            const text = Buffer.concat(parts);
            const status = response.statusCode ?? 0;
            if (status >= 200 && status < 300) resolve(text);
            else reject(new Refused({ method, path }, status, text.toString()));
          });
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
  }

  async json<T>(prepared: Prepared): Promise<T> {
    return JSON.parse((await this.send(prepared)).toString()) as T;
  }

  close(): void {
    this.agent.destroy();
  }
}
