import { inputFault } from '../../../electron/app/input-fault.ts';
import type { FaultCode } from '../../../shared/fault.ts';
import type { Answer, Push, RequestInput, RequestName } from '../../../shared/ipc.ts';
import { requestSchemas } from '../../../shared/ipc.ts';
import type { Slices } from '../../../shared/view.ts';
import { answerChannels } from './fake-channels.ts';
import { answerHosts } from './fake-hosts.ts';
import { answerSupplies } from './fake-supplies.ts';
import { checkPlan } from './plan.ts';
import { brokenOff, rehearsal, rehearsals, rehearsalsStopped } from './rehearsals.ts';
import { runFailed } from './runs.ts';
import { type ScenarioName, scenarios } from './scenarios.ts';
import { simulatePlan } from './simulation.ts';

const refuse = (what: string): Answer<never> => ({
  ok: false,
  fault: { code: 'refused', what, where: 'plan', remedy: 'Load the saved plan.' },
});

/**
 * The main process as far as the window can tell: same contract, same schemas, fixture data. It keeps every request,
 * and does what a request asks only where the window would see the difference.
 */
export class FakeBridge {
  readonly requests: { name: RequestName; input: unknown }[] = [];
  private rev = 0;
  private slices: Slices;
  private saves = 0;
  private refusal: FaultCode | null = null;
  private readonly push: (push: Push) => void;

  constructor(scenario: ScenarioName, push: (push: Push) => void) {
    this.slices = scenarios[scenario]();
    this.push = push;
  }

  change(slices: Push['slices']): void {
    this.slices = { ...this.slices, ...slices };
    this.rev += 1;
    this.push({ rev: this.rev, slices });
  }

  /** A push that gets lost on the way: the window must notice the hole. */
  changeSilently(slices: Push['slices']): void {
    this.slices = { ...this.slices, ...slices };
    this.rev += 1;
  }

  scenario(name: ScenarioName): void {
    this.change(scenarios[name]());
  }

  /** The next request is kept and not done, whatever it is, but for what the window asks by itself while it is edited. */
  refuseNext(code: FaultCode): void {
    this.refusal = code;
  }

  request(name: RequestName, input: unknown): Answer<RequestName> {
    const parsed = requestSchemas[name].safeParse(input);
    if (!parsed.success) return { ok: false, fault: inputFault(name, input, parsed.error.issues).fault };
    this.requests.push({ name, input });
    if (name === 'plan.check' || name === 'plan.simulate') return this.answer(name, input);
    const code = this.refusal;
    this.refusal = null;
    if (code) return { ok: false, fault: { code, what: 'Refused by the test.', where: name, remedy: '' } };
    return this.answer(name, input);
  }

  private answer(name: RequestName, input: unknown): Answer<RequestName> {
    const { plan } = this.slices;
    switch (name) {
      case 'snapshot':
        return { ok: true, value: { rev: this.rev, slices: this.slices } };
      case 'plan.check': {
        const { sequence } = requestSchemas['plan.check'].parse(input);
        return { ok: true, value: checkPlan(sequence) };
      }
      case 'plan.simulate': {
        const { sequence, whatIf } = requestSchemas['plan.simulate'].parse(input);
        return { ok: true, value: simulatePlan(sequence, whatIf) };
      }
      case 'plan.save': {
        const { sequence, baseHash } = requestSchemas['plan.save'].parse(input);
        if (baseHash !== plan.hash) return refuse('The file has changed since you began to edit.');
        this.saves += 1;
        const hash = String(this.saves).repeat(64).slice(0, 64);
        this.change({ plan: { ...plan, sequence, hash, armed: false, checked: checkPlan(sequence) } });
        return { ok: true, value: { hash } };
      }
      case 'plan.arm':
        this.change({ plan: { ...plan, armed: true } });
        return { ok: true, value: null };
      case 'plan.disarm':
        this.change({ plan: { ...plan, armed: false } });
        return { ok: true, value: null };
      case 'run.read':
        return { ok: true, value: { ...runFailed(), ...(input as RequestInput<'run.read'>) } };
      case 'durations.export':
        return { ok: true, value: { text: '{}\n' } };
      case 'rehearsal.start':
        this.change({ rehearsals: rehearsals({ running: { begunAt: Date.now(), done: 0, of: 5 } }) });
        return { ok: true, value: null };
      case 'rehearsal.stop':
        this.change({ rehearsals: rehearsalsStopped() });
        return { ok: true, value: null };
      case 'rehearsal.read': {
        const { id } = requestSchemas['rehearsal.read'].parse(input);
        const stopped = brokenOff();
        return { ok: true, value: id === stopped.id ? stopped : rehearsal({ id, cause: 'by-hand' }) };
      }
      case 'settings.save': {
        const settings = { ...this.slices.settings, ...requestSchemas['settings.save'].parse(input) };
        this.change({ settings });
        return { ok: true, value: null };
      }
      default:
        return (
          answerHosts(name, input, this.slices.hosts, (hosts) => this.change({ hosts })) ??
          answerChannels(name, input, this.slices.channels, (channels) => this.change({ channels })) ??
          answerSupplies(name, input, this.slices, (supplies) => this.change({ supplies }))
        );
    }
  }
}
