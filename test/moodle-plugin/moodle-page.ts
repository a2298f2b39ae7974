import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { buildFolder } from '../../scripts/moodle-plugin/amd.js';

const plugin = path.resolve(__dirname, '../../moodle-plugin');

const strings = new Map<string, string>();
const language = readFileSync(path.join(plugin, 'lang/en/quizaccess_probity.php'), 'utf8');
for (const [, name = '', text = ''] of language.matchAll(/^\$string\['([^']+)'\] = '(.*)';$/gm)) {
  strings.set(name, text.replaceAll("\\'", "'"));
}

/** What the plugin says in English. */
export function english(name: string): string {
  const text = strings.get(name);
  if (text === undefined) throw new Error(`The plugin has no string ${name}`);
  return text;
}

/** As Moodle escapes for {{ }}: numbered entities stay what they are. */
function escaped(value: unknown): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#039;' };
  return String(value)
    .replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
    .replace(/&amp;(#(?:\d+|x[0-9a-f]+);)/gi, '&$1');
}

type View = Record<string, unknown>;

const PARTS = /\{\{([#^])(\w+)\}\}([\s\S]*?)\{\{\/\2\}\}|\{\{\{(\w+)\}\}\}|\{\{(\w+)\}\}/g;

function fill(text: string, view: View): string {
  return text.replace(PARTS, (_, kind: string, name: string, inner: string, raw?: string, plain?: string) => {
    if (raw) return String(view[raw]);
    if (plain) return escaped(view[plain]);
    const value = view[name];
    if (kind === '^') return value ? '' : fill(inner, view);
    if (Array.isArray(value)) return value.map((each: View) => fill(inner, each)).join('');
    return value ? fill(inner, view) : '';
  });
}

/** As much of mustache as the plugin's templates use. */
function render(template: string, view: View): string {
  const source = readFileSync(path.join(plugin, 'templates', template), 'utf8')
    .replace(/\{\{![\s\S]*?\}\}\n(?=<|\{\{!)/g, '')
    .replace(/\{\{#str\}\}([^,]+), quizaccess_probity\{\{\/str\}\}/g, (_, name: string) => english(name));
  return fill(source, view);
}

/** Moodle's loader, core/ajax and M, as far as the modules use them. */
const DOUBLES = `
  window.modules = {}; window.hints = 0; window.saved = 0;
  window.addEventListener('message', (event) => { if (event.data && event.data.source === 'probity') window.hints++; });
  window.M = { util: { get_string: (name, component, a) => (window.strings[name] ?? '[[' + name + ']]').replace('{$a}', a) } };
  const resolve = (name) => {
    const { needs, make } = window.modules[name];
    return make(...needs.map(resolve));
  };
  window.define = (name, needs, make) => { window.modules[name] = { needs, make }; };
  define('core/ajax', [], () => ({
    call: (requests) => requests.map(({ methodname, args }) =>
      fetch('/ajax', { method: 'POST', body: JSON.stringify({ methodname, args }) }).then(async (answer) => {
        if (!answer.ok) throw new Error('refused');
        return answer.json();
      })),
  }));
  window.start = (name, config) => resolve('quizaccess_probity/' + name).init(config);
`;

const document = (body: string): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Quiz</title>
<style>${readFileSync(path.join(plugin, 'styles.css'), 'utf8')}</style>
<script>${DOUBLES} window.strings = ${JSON.stringify(Object.fromEntries(strings))};</script>
${['capture', 'approval', 'identify', 'monitor'].map((name) => `<script src="/amd/${name}.min.js"></script>`).join('\n')}
</head><body><main><h1>Quiz</h1>${body}</main></body></html>`;

const state = {
  admitted: false,
  state: 'NOT_IDENTIFIED',
  reason: 'NOT_YET',
  words: 'Not yet.',
  monitored: false,
  graceuntil: 0,
  approvalrequested: false,
  reachable: true,
  time: 0,
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

const listen = (server: Server): Promise<string> =>
  new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });

/** A page of Moodle with the plugin's built scripts, and a page from elsewhere that speaks as the capture window does. */
export class MoodlePages {
  /** What get_state answers. */
  state = { ...state };
  /** Calls of web-service functions, without the plugin's prefix. */
  calls: { name: string; args: Record<string, unknown> }[] = [];
  /** The function that fails, without the prefix. */
  failing = '';
  /** Forms that were sent. */
  sent: string[] = [];
  /** A form that was held, as PHP has it. */
  held: Record<string, unknown> = {};
  url = '';
  captureOrigin = '';
  private launches = 0;
  private servers: Server[] = [];

  async start(): Promise<this> {
    const moodle = createServer((request, response) => {
      void this.serve(request).then(([status, type, text]) => {
        response.writeHead(status, { 'content-type': type }).end(text);
      });
    });
    const capture = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Capture</title><script>
        window.heard = []; window.loads = 1; window.launches = [location.hash];
        addEventListener('hashchange', () => window.launches.push(location.hash));
        addEventListener('message', ({ data, origin }) => window.heard.push({ ...data, origin }));
        window.say = (hint) => (window.opener ?? parent).postMessage({ source: 'probity', ...hint }, '*');
      </script>`);
    });
    this.servers = [moodle, capture];
    this.url = await listen(moodle);
    this.captureOrigin = await listen(capture);
    return this;
  }

  async stop(): Promise<void> {
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }

  reset(): void {
    this.state = { ...state };
    this.calls = [];
    this.failing = '';
    this.sent = [];
  }

  count(name: string): number {
    return this.calls.filter((call) => call.name === name).length;
  }

  private async serve(request: IncomingMessage): Promise<[number, string, string]> {
    const { pathname } = new URL(request.url ?? '/', this.url);
    if (pathname.startsWith('/amd/')) {
      return [200, 'text/javascript', readFileSync(path.join(buildFolder, path.basename(pathname)), 'utf8')];
    }
    if (pathname === '/ajax') {
      const { methodname, args } = JSON.parse(await bodyOf(request)) as { methodname: string; args: object };
      const name = methodname.replace('quizaccess_probity_', '');
      this.calls.push({ name, args: { ...args } });
      return [name === this.failing ? 500 : 200, 'application/json', JSON.stringify(this.answer(name))];
    }
    if (request.method === 'POST') {
      this.sent.push(await bodyOf(request));
      return [200, 'text/html', document('<p>Sent</p>')];
    }
    if (pathname === '/held') {
      const input = JSON.stringify(this.held);
      const script = path.join(__dirname, 'held.php');
      const fields = JSON.parse(execFileSync('php', [script], { encoding: 'utf8', input })) as unknown;
      const page = render('held.mustache', { action: '/start', fields, state: '' });
      return [200, 'text/html', document(page)];
    }
    if (pathname.startsWith('/attempt')) {
      return [
        200,
        'text/html',
        document(
          '<form id="responseform" method="post" action="/process"><label for="a">Answer</label><input id="a" name="answer"><button>Next</button></form>',
        ),
      ];
    }
    const fields = render('identify.mustache', { ...this.state, canopen: true });
    const other = pathname === '/password' ? '<label for="p">Password</label><input type="password" id="p">' : '';
    return [
      200,
      'text/html',
      document(
        `<form id="mod_quiz_preflight_form" method="post" action="/start"><input type="hidden" name="cmid" value="5">${fields}${other}<button type="submit" name="submitbutton" value="1" style="min-height: 2rem">Start attempt</button></form>`,
      ),
    ];
  }

  private answer(name: string): object {
    switch (name) {
      case 'get_state':
        return this.state;
      case 'get_launch':
        return { url: `${this.captureOrigin}/capture/`, token: `token-${++this.launches}`, expires: 0 };
      default:
        return { requested: true };
    }
  }
}
