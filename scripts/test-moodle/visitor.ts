/** An answer of Moodle's pages; redirects are not followed. */
export interface Page {
  status: number;
  /** Where it sends the visitor. */
  location: string | null;
  text: string;
}

/** Somebody who visits Moodle without a browser, and so without its scripts: what a direct POST can reach. */
export class Visitor {
  private readonly cookies = new Map<string, string>();

  private constructor(private readonly url: string) {}

  static async signIn(url: string, username: string, password: string): Promise<Visitor> {
    const visitor = new Visitor(url);
    const form = await visitor.get('/login/index.php');
    const logintoken = /name="logintoken" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
    const answer = await visitor.post('/login/index.php', { logintoken, username, password });
    if (!answer.location?.includes('testsession')) throw new Error(`${username} cannot sign in to Moodle`);
    await visitor.get(answer.location);
    return visitor;
  }

  get(address: string): Promise<Page> {
    return this.send(address);
  }

  /** The same page after at most five redirects. */
  async follow(address: string): Promise<Page & { address: string }> {
    let page = await this.get(address);
    for (let hops = 0; page.location && hops < 5; hops += 1) {
      address = page.location;
      page = await this.get(address);
    }
    return { ...page, address };
  }

  post(address: string, fields: Record<string, string | number>): Promise<Page> {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) body.append(name, String(value));
    return this.send(address, body);
  }

  /** Moodle's token against forged requests, which any page of its own carries. */
  async sesskey(): Promise<string> {
    const { text } = await this.follow('/my/');
    const key = /"sesskey":"([^"]+)"/.exec(text)?.[1];
    if (!key) throw new Error('Moodle shows no sesskey: nobody is signed in');
    return key;
  }

  private async send(address: string, body?: URLSearchParams): Promise<Page> {
    const response = await fetch(new URL(address, `${this.url}/`.replace(/\/\/$/, '/')), {
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(body && { method: 'POST', body }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === 'deleted') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return {
      status: response.status,
      location: response.headers.get('location'),
      text: await response.text(),
    };
  }
}
