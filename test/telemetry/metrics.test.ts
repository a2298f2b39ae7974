import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createMetrics } from '../../src/telemetry/index.js';

const PAGES = ['operations.md', 'performance.md'];

async function namesOf(metrics: ReturnType<typeof createMetrics>): Promise<Set<string>> {
  const { text } = await metrics.page();
  return new Set([...text.matchAll(/^# TYPE (probity_\w+) /gm)].map((match) => match[1]!));
}

test.each(PAGES)('what %s calls by name is measured', async (page) => {
  const text = readFileSync(path.join(__dirname, '../../docs', page), 'utf8');
  const metrics = createMetrics();
  metrics.watchEngine(() => ({ queued: 0, busyWorkers: 0, readyWorkers: 0 }));
  const named = [...text.matchAll(/`(probity_\w+)`/g)].map((match) => match[1]!);
  expect(named.length).toBeGreaterThan(0);
  expect([...(await namesOf(metrics))]).toEqual(expect.arrayContaining(named));
});

test('the engine is read at each scrape, and every kind of event leaves its mark', async () => {
  const metrics = createMetrics();
  let queued = 3;
  metrics.watchEngine(() => ({ queued, busyWorkers: 1, readyWorkers: 2 }));
  metrics.rpc({ path: '/probity.A/B', reason: 'OK', seconds: 0.02 });
  metrics.observe({ family: 'trustid', operation: 'login', method: 'POST', status: 201, seconds: 0.1 });
  metrics.job({
    kind: 'face.analyse',
    outcome: 'done',
    timings: { queued: 5, ran: 20, stages: { decode: 4 }, models: { net: 6 } },
  });
  metrics.job({ kind: 'face.analyse', outcome: 'refused', timings: null });
  metrics.query(0.001);
  metrics.expired('exams', 7);
  metrics.scheduled({ job: 'retention', outcome: 'done', durationMs: 40 });
  const { contentType, text } = await metrics.page();
  expect(contentType).toContain('text/plain');
  for (const line of [
    'probity_inference_queue 3',
    'probity_inference_workers{state="idle"} 1',
    'probity_rpc_seconds_count{method="/probity.A/B",reason="OK"} 1',
    'probity_http_seconds_count{family="trustid",operation="login",method="POST",status="201"} 1',
    'probity_inference_stage_seconds_sum{kind="face.analyse",stage="decode"} 0.004',
    'probity_inference_model_seconds_sum{kind="face.analyse",model="net"} 0.006',
    'probity_inference_unfinished_total{kind="face.analyse",outcome="refused"} 1',
    'probity_retention_deleted_total{part="exams"} 7',
    'probity_scheduled_job_seconds_count{job="retention",outcome="done"} 1',
    'probity_query_seconds_count 1',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  queued = 0;
  expect((await metrics.page()).text).toContain('probity_inference_queue 0');
});
