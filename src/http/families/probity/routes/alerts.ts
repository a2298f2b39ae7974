import { operation, type Operation } from '../../../family.js';
import { alertAnswer, feedbackAnswer } from '../answers.js';
import { paging } from '../paging.js';
import * as schemas from '../schemas.js';
import { alertDecision } from '../words.js';
import { READ, WRITE } from './rows.js';

export const ALERTS: readonly Operation[] = [
  operation({
    id: 'listAlerts',
    method: 'GET',
    path: '/exams/:exam/alerts',
    summary: 'Alerts of an exam, the newest first (staff)',
    tag: 'Review',
    auth: 'token',
    params: schemas.ExamPath,
    query: schemas.AlertsQuery,
    status: 200,
    success: 'A page of alerts',
    answer: schemas.Alerts,
    errors: READ,
    async run({ params, query }, { core, options }) {
      const request = { exam: `exams/${params.exam}`, user: query.user ?? '', ...paging(query) };
      const page = await core.proctoring.listAlerts(request, options);
      return { alerts: page.alerts.map(alertAnswer), nextPageToken: page.nextPageToken };
    },
  }),
  operation({
    id: 'getEvidence',
    method: 'GET',
    path: '/exams/:exam/alerts/:alert/evidence',
    summary: 'The frame that an alert rests on (staff); the read is audited',
    tag: 'Review',
    auth: 'token',
    params: schemas.AlertPath,
    status: 200,
    success: 'The picture',
    binary: 'image/jpeg',
    errors: READ,
    async run({ params }, { core, options }) {
      const alert = `exams/${params.exam}/alerts/${params.alert}`;
      const { image, contentType } = await core.proctoring.getEvidence({ alert }, options);
      return { bytes: image, contentType };
    },
  }),
  operation({
    id: 'reviewAlert',
    method: 'POST',
    path: '/exams/:exam/alerts/:alert/review',
    summary: 'Records a person’s decision on an alert (staff)',
    tag: 'Review',
    auth: 'token',
    params: schemas.AlertPath,
    body: schemas.ReviewAlert,
    status: 200,
    success: 'The alert with its decision',
    answer: schemas.Alert,
    errors: WRITE,
    async run({ params, body }, { core, options }) {
      const request = {
        alert: `exams/${params.exam}/alerts/${params.alert}`,
        decision: alertDecision.toCore(body.decision),
        note: body.note ?? '',
      };
      return alertAnswer(await core.proctoring.reviewAlert(request, options));
    },
  }),
  operation({
    id: 'listFeedback',
    method: 'GET',
    path: '/exams/:exam/feedback',
    summary: 'What students say of an exam, the newest first (staff); the read is audited',
    tag: 'Review',
    auth: 'token',
    params: schemas.ExamPath,
    query: schemas.Page,
    status: 200,
    success: 'A page of reports. They raise no alert and decide nothing',
    answer: schemas.FeedbackPage,
    errors: READ,
    async run({ params, query }, { core, options }) {
      const request = { exam: `exams/${params.exam}`, ...paging(query) };
      const page = await core.feedback.listFeedback(request, options);
      return { feedback: page.feedback.map(feedbackAnswer), nextPageToken: page.nextPageToken };
    },
  }),
];
