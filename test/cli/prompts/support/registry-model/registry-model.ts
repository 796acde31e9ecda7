import * as fc from 'fast-check';
import { Answer, findFaults } from './faults';
import { Died, faultyPort, Mishap } from './faulty-port';
import { carryOut, Order, releaseOrders, VERSIONS } from './orders';
import { Aim, AIMS, possibleOrders } from './possible-orders';
import { EMPTY, Snapshot } from './snapshot';
import type { RegistryPort } from '../../../../../cli/aws/registry-port';
import { Refused } from '../../../../../cli/prompts/registry/refused';
import { Registry } from '../../../../../cli/prompts/registry/registry';
import { canonicalJson, JsonValue } from '../../../../../src/contract/prompts/canonical-json';

/** Where a history runs. */
export interface Store {
  readonly port: RegistryPort;
  snapshot(id: string, environments: readonly string[]): Promise<Snapshot>;
}

/** What happened in all histories: a model that meets nothing shows nothing. */
export class Tally {
  private readonly counts = new Map<string, number>();

  public add(what: string, count = 1): void { this.counts.set(what, this.of(what) + count); }

  public of(what: string): number { return this.counts.get(what) ?? 0; }

  public toString(): string { return [...this.counts].sort().map(([what, count]) => `${what} ${count}`).join(', '); }
}

/** A person or a pipeline that gives commands, one after the other, until it dies. */
interface Actor {
  readonly who: string;
  readonly orders: readonly Order[];
  readonly mishap?: Mishap;
}

/** What the commands of a history have to leave intact. */
interface Model {
  readonly id: string;
  readonly environments: readonly string[];
  before: Snapshot;
  readonly answers: Answer[];
}

class World {
  public readonly sent: string[] = [];

  constructor(
    public readonly store: Store, public readonly id: string, public readonly environments: readonly string[],
    public readonly tally: Tally, private readonly turn: (request: string) => Promise<void>,
  ) {}

  /** Carries out the orders of one actor. Only a refusal and its death are allowed to come out of it. */
  public async act({ who, orders, mishap }: Actor, { answers }: Model): Promise<boolean[]> {
    const caller = `arn:aws:iam::000000000000:user/${who}`;
    const port = faultyPort(this.recording(), { caller, mishap, turn: this.turn });
    const registry = new Registry(port, { environments: this.environments, eventBus: 'prompts', isSandbox: false });
    const news: boolean[] = [];
    for (const order of orders) {
      try {
        const done = await carryOut(registry, this.id, order);
        answers.push(...done.map(({ result }) => result));
        const isNew = done.some(one => one.isNew);
        news.push(...done.map(one => one.isNew));
        this.tally.add(`${order.do} ${isNew ? 'done' : 'done before'}`);
        if (isNew) for (const aim of aimsOf(order, done.length)) this.tally.add(`as ${aim}`);
      } catch (error) {
        if (error instanceof Died) {
          this.tally.add(`${order.do} cut off`);
          this.tally.add('cut off');
          return news;
        }
        if (!(error instanceof Refused) && !/ is not (wholly )?published\. /.test((error as Error).message)) throw error;
        this.tally.add(`${order.do} refused`);
      }
    }
    return news;
  }

  public async requireSound(model: Model, isRecovered: boolean): Promise<void> {
    const { id, environments, sent } = this;
    const after = await this.store.snapshot(id, environments);
    const faults = findFaults({ id, environments, answers: model.answers, sent, isRecovered }, model.before, after);
    if (faults.length > 0) throw new Error(faults.join('\n'));
    this.tally.add('looks');
    model.before = after;
  }

  /** Any command that comes to its end finishes what others left behind. */
  public async recover(model: Model): Promise<void> {
    await this.act({ who: 'ops', orders: [{ do: 'publish', version: VERSIONS[0], isEdited: false }] }, model);
    await this.requireSound(model, true);
  }

  private recording(): RegistryPort {
    const { port } = this.store;
    const putEvent: RegistryPort['putEvent'] = async event => {
      await port.putEvent(event);
      this.sent.push(canonicalJson(JSON.parse(event.detail) as JsonValue));
    };
    const own: Partial<RegistryPort> = { putEvent };
    return new Proxy(port, {
      get: (_target, name: keyof RegistryPort) => {
        const method = (own[name] ?? port[name]) as (...args: readonly unknown[]) => unknown;
        return method.bind(port);
      },
    });
  }
}

/** Some give commands at the same moment. */
class AtOnce implements fc.AsyncCommand<Model, World> {
  constructor(private readonly actors: readonly Actor[]) {}

  public check(): boolean { return true; }

  public async run(model: Model, world: World): Promise<void> {
    await Promise.all(this.actors.map(actor => world.act(actor, model)));
    await world.requireSound(model, false);
  }

  public toString(): string { return this.actors.map(actor => JSON.stringify(actor)).join(' beside '); }
}

/** One gives a command twice: the second time nothing is new. */
class Twice implements fc.AsyncCommand<Model, World> {
  constructor(private readonly order: Order) {}

  public check(): boolean { return true; }

  public async run(model: Model, world: World): Promise<void> {
    const actor = { who: 'bob', orders: [this.order] };
    await world.act(actor, model);
    await world.requireSound(model, false);
    const { objects } = model.before;
    const news = await world.act(actor, model);
    await world.requireSound(model, false);
    if (news.includes(true) || model.before.objects.size > objects.size) throw new Error('the second time something is new');
  }

  public toString(): string { return `twice ${JSON.stringify(this.order)}`; }
}

/** One does what the state allows, while another one does anything. */
class Steered implements fc.AsyncCommand<Model, World> {
  constructor(
    private readonly aim: Aim, private readonly pick: number, private readonly mishap?: Mishap, private readonly beside?: Actor,
  ) {}

  public check(model: Readonly<Model>): boolean { return possibleOrders(this.aim, model).length > 0; }

  public async run(model: Model, world: World): Promise<void> {
    const orders = possibleOrders(this.aim, model);
    const actor = { who: 'bob', orders: [orders[this.pick % orders.length]], mishap: this.mishap };
    await Promise.all([actor, ...this.beside ? [this.beside] : []].map(one => world.act(one, model)));
    await world.requireSound(model, false);
  }

  public toString(): string { return `${this.aim} ${this.pick} ${JSON.stringify([this.mishap, this.beside])}`; }
}

class Recover implements fc.AsyncCommand<Model, World> {
  public check(): boolean { return true; }

  public async run(model: Model, world: World): Promise<void> { await world.recover(model); }

  public toString(): string { return 'recover'; }
}

/** What an order that did something new was, in the words of the aims. */
function aimsOf(order: Order, environments: number): string[] {
  if (order.do === 'rollback') {
    return [environments > 1 ? 'rollback of several' : 'rollback of one', ...order.isRevoking ? ['revocation'] : []];
  }
  return order.do === 'promote' && order.toAll ? ['candidate for all'] : [];
}

function orderOf(environments: readonly string[]): fc.Arbitrary<Order> {
  const version = fc.constantFrom(...VERSIONS);
  const environment = fc.constantFrom(...environments);
  const common = { version };
  return fc.oneof(
    fc.record({ do: fc.constant('publish' as const), ...common, isEdited: fc.nat(9).map(part => part === 0) }),
    fc.record({
      do: fc.constant('approve' as const),
      ...common,
      role: fc.constantFrom('engineer', 'tech_lead', 'safety_officer'),
      reviewer: fc.constantFrom('bob', 'eve', 'ada'),
    }),
    { arbitrary: fc.record({ do: fc.constant('promote' as const), ...common, environment, toAll: fc.boolean() }), weight: 3 },
    {
      arbitrary: fc.record({
        do: fc.constant('rollback' as const),
        environments: fc.oneof(fc.constant(environments), environment.map(one => [one])),
        reason: fc.constantFrom('rude', 'slow'),
        isRevoking: fc.boolean(),
        to: fc.option(version, { nil: undefined, freq: 2 }),
      }),
      weight: 4,
    },
  );
}

export interface ModelOptions {
  readonly environments: readonly string[];
  /** So many steps a history has at most. */
  readonly commands: number;
  /** So many versions are everywhere when it begins, at most. */
  readonly served: number;
  readonly runs: number;
  readonly store: () => Store;
  readonly tally: Tally;
  readonly seed?: number;
}

/** Runs generated histories, and looks after each of their steps whether the registry kept its promises. */
export async function runHistories({ environments, commands, served: most, runs, store, tally, seed }: ModelOptions): Promise<void> {
  const order = orderOf(environments);
  // A release of some environments, or of all: without it no history gets far.
  const release = fc.tuple(fc.constantFrom(...VERSIONS), fc.integer({ min: 1, max: environments.length }))
    .map(([version, count]) => releaseOrders(version, environments).filter(one =>
      one.do !== 'promote' || (one.toAll ? count === environments.length : environments.indexOf(one.environment) < count)));
  // Somebody forgot an approval.
  const careless = fc.tuple(release, fc.constantFrom('engineer', 'tech_lead', 'safety_officer')).map(([orders, role]) =>
    orders.filter(one => one.do !== 'approve' || one.role !== role));
  const back = fc.boolean().map((isRevoking): Order => ({ do: 'rollback', environments, reason: 'rude', isRevoking }));
  const kind = fc.constantFrom<Mishap['kind']>('dies-before', 'dies-after', 'asked-twice', 'late');
  const mishap = fc.record<Mishap>({ at: fc.integer({ min: 1, max: 90 }), kind });
  const actor: fc.Arbitrary<Actor> = fc.record({
    who: fc.constantFrom('bob', 'eve'),
    orders: fc.oneof(
      release, careless, fc.tuple(release, back).map(([orders, one]) => [...orders, one]), fc.array(order, { minLength: 1, maxLength: 3 }),
    ),
    mishap: fc.option(mishap, { nil: undefined, freq: 2 }),
  });
  const steered = fc.tuple(
    fc.constantFrom(...AIMS), fc.nat(9), fc.option(mishap, { nil: undefined, freq: 2 }), fc.option(actor, { nil: undefined, freq: 1 }),
  ).map(([aim, pick, befalling, beside]) => new Steered(aim, pick, befalling, beside));
  const history = fc.commands([
    fc.array(actor, { minLength: 1, maxLength: 3 }).map(actors => new AtOnce(actors)),
    // Three times as likely as the others: most orders that nothing steers are refused.
    steered,
    steered,
    steered,
    order.map(one => new Twice(one)),
    fc.constant(new Recover()),
  ], { maxCommands: commands, size: 'max' });
  let run = 0;
  const first = fc.uniqueArray(fc.constantFrom(...VERSIONS), { maxLength: most });
  const property = fc.asyncProperty(fc.scheduler(), first, history, async (scheduler, served, steps) => {
    const turn = async (request: string) => { await scheduler.schedule(Promise.resolve(), request); };
    const world = new World(store(), `prompt-${++run}`, environments, tally, turn);
    const model: Model = { id: world.id, environments, before: EMPTY, answers: [] };
    const start = async () => {
      for (const version of served) await world.act({ who: 'ops', orders: releaseOrders(version, environments) }, model);
      await world.requireSound(model, false);
      return { model, real: world };
    };
    // Not scheduledModelRun: it would wait for a whole command before it gives the next turn, and each request takes turns here.
    const ran = fc.asyncModelRun(start, steps).then(() => world.recover(model));
    await scheduler.waitFor(ran);
    tally.add('histories');
  });
  await fc.assert(property, { numRuns: runs, seed });
}

