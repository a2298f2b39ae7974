import fc from 'fast-check';
import {
  canBeAsked,
  deny,
  endLoan,
  give,
  handOver,
  type RequestState,
  type Situation,
} from '../../src/wallet/transfer.js';
import '../support/property-seed.js';

/** A blob that left the house: of which enrolment, and how much of it. */
interface Blob {
  enrolment: number;
  templates: number;
  person: 'me' | 'somebody else';
}

/** The world around the rules: who has what. */
interface Model extends Omit<Situation, 'sitting'> {
  enrolment: number;
  /** Templates of the present enrolment on the server. */
  onServer: number;
  /** Blobs that arrived on some phone of mine, or were stolen. */
  outside: Blob[];
}

const commands = fc.oneof(
  fc.record({ do: fc.constant('enrol' as const) }),
  fc.record({ do: fc.constant('add' as const) }),
  fc.record({ do: fc.constant('withdraw' as const) }),
  fc.record({ do: fc.constant('hand over' as const), arrives: fc.boolean() }),
  fc.record({ do: fc.constant('ask' as const) }),
  fc.record({ do: fc.constant('give' as const), blob: fc.nat(20), sitting: fc.boolean() }),
  fc.record({ do: fc.constant('deny' as const) }),
  fc.record({ do: fc.constant('lapse' as const) }),
  fc.record({ do: fc.constant('end of loan' as const), sitting: fc.boolean() }),
);
type Command = typeof commands extends fc.Arbitrary<infer C> ? C : never;

const fresh = (enrolment: number): Model => ({
  custody: 'SERVER',
  templates: 1,
  packedTemplates: null,
  request: 'NONE',
  enrolment,
  onServer: 1,
  outside: [],
});

/** What `Custodian.unpack` lets through. */
const isRight = (blob: Blob, model: Model): boolean =>
  blob.person === 'me' && blob.enrolment === model.enrolment && blob.templates === model.templates;

interface Step {
  before: Model;
  command: Command;
  after: Model;
  outcome: string | null;
}

/** The model after a command; what the service and the store make of the rules' word. */
function play(model: Model, command: Command): Omit<Step, 'before' | 'command'> {
  const sitting = 'sitting' in command && command.sitting;
  const situation: Situation = { ...model, sitting };
  const stays = { after: model, outcome: null };
  switch (command.do) {
    case 'enrol':
    case 'withdraw':
      // The container is destroyed and another takes its place; the blobs stay where they are.
      return { ...stays, after: { ...fresh(model.enrolment + 1), outside: model.outside } };
    case 'add':
      if (model.onServer === 0) return stays;
      return {
        ...stays,
        after: { ...model, templates: model.templates + 1, onServer: model.onServer + 1 },
      };
    case 'hand over': {
      const done = handOver(situation);
      if (done === 'WITH_PHONE') return stays;
      const { custody, packedTemplates } = done;
      const blob = { enrolment: model.enrolment, templates: model.onServer, person: 'me' as const };
      const outside = command.arrives ? [...model.outside, blob] : model.outside;
      return { ...stays, after: { ...model, custody, packedTemplates, outside } };
    }
    case 'ask':
      return canBeAsked(model.custody) ? { ...stays, after: { ...model, request: 'OPEN' } } : stays;
    case 'lapse':
      return model.request === 'OPEN' ? { ...stays, after: { ...model, request: 'EXPIRED' } } : stays;
    case 'deny': {
      const { custody, request, outcome } = deny(situation);
      return { ...stays, outcome, after: { ...model, custody, request: request ?? model.request } };
    }
    case 'give': {
      const others: Blob[] = [
        { enrolment: model.enrolment, templates: model.templates, person: 'somebody else' },
      ];
      const all = [...model.outside, ...others];
      const blob = all[command.blob % all.length]!;
      if (!isRight(blob, model)) return stays;
      const done = give(situation);
      if (done === 'IN_USE') return stays;
      const { custody, packedTemplates, request, outcome } = done;
      const onServer = custody === 'PHONE' ? 0 : blob.templates;
      const after = { ...model, custody, packedTemplates, request: request ?? model.request, onServer };
      return { after, outcome };
    }
    case 'end of loan': {
      const done = endLoan(situation);
      if (!done) return stays;
      const { custody, packedTemplates } = done;
      const onServer = custody === 'PHONE' ? 0 : model.onServer;
      return { ...stays, after: { ...model, custody, packedTemplates, onServer } };
    }
  }
}

/** Holds for every step of every story. */
function always(name: string, holds: (step: Step, past: readonly Step[]) => boolean): void {
  test(name, () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 40, size: 'max' }), (story) => {
        const past: Step[] = [];
        let model = fresh(1);
        for (const command of story) {
          const step = { before: model, command, ...play(model, command) };
          if (!holds(step, past)) return false;
          past.push(step);
          model = step.after;
        }
        return true;
      }),
      { numRuns: 3_000 },
    );
  });
}

describe('whatever happens', () => {
  always('one whole copy is left: on the server, or where a phone has shown that it has it', ({ after }) => {
    if (after.onServer === after.templates) return true;
    return after.onServer === 0 && after.outside.some((blob) => isRight(blob, after));
  });

  always('the custody says where the copies are', ({ after: { custody, onServer, templates } }) =>
    custody === 'PHONE' ? onServer === 0 : onServer === templates,
  );

  always(
    'the server has templates of the phone only after they were asked for, and for a time',
    ({ before, after, command }) =>
      before.custody === 'PHONE' && after.custody !== 'PHONE' && after.enrolment === before.enrolment
        ? command.do === 'give' && before.request === 'OPEN' && after.custody === 'LENT'
        : true,
  );

  always('after a no, and after a give, it must be asked for again', ({ outcome, before, after }) => {
    if (outcome === 'GIVEN' && before.custody !== 'LENT') return before.request === 'OPEN';
    if (outcome === 'DENIED') return after.request === 'FAILED' && after.custody === before.custody;
    return true;
  });

  always('what is told twice does what it does once', ({ command, after }) => {
    if (command.do === 'enrol' || command.do === 'withdraw' || command.do === 'add') return true;
    // A blob picked out of a longer list may be another one; see the table below.
    if (command.do === 'give') return true;
    const state = ({ custody, packedTemplates, request, onServer }: Model) =>
      JSON.stringify([custody, packedTemplates, request, onServer]);
    return state(play(after, command).after) === state(after);
  });

  always('nothing goes while the student sits an exam', ({ command, before, after }) =>
    'sitting' in command && command.sitting ? after.onServer >= before.onServer : true,
  );
});

test.each<[RequestState, string, string]>([
  ['OPEN', 'LENT', 'GIVEN'],
  ['NONE', 'PHONE', 'KEPT'],
  ['PASSED', 'PHONE', 'KEPT'],
  ['FAILED', 'PHONE', 'KEPT'],
  ['EXPIRED', 'PHONE', 'KEPT'],
])('a blob that comes back while the request is %s: %s, %s', (request, custody, outcome) => {
  for (const from of ['OFFERED', 'PHONE'] as const) {
    const situation = { custody: from, templates: 2, packedTemplates: 2, request, sitting: false };
    const once = give(situation);
    expect(once).toMatchObject({ custody, outcome });
    // The phone did not hear the answer, and sends it again.
    const { custody: next, request: ended } = once as Exclude<typeof once, string>;
    expect(give({ ...situation, custody: next, request: ended ?? request })).toMatchObject({
      custody,
      outcome,
    });
  }
});
