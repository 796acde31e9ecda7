import { randomUUID } from 'crypto';
import { HistoryBackwards } from './backwards';
import { Seal } from './seal';
import { Tampered } from './tampered';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { canonicalJson, JsonValue } from '../../../src/contract/prompts/canonical-json';
import { eventOf, isEventOf } from '../../../src/contract/prompts/deployment-event';
import { findStatementFaults, releasesOf } from '../../../src/contract/prompts/judged-deployment';
import {
  currentKey, deployedPartition, deploymentObject, deploymentPrefix, eventKey, Placed, recordKey,
} from '../../../src/contract/prompts/registry-keys';
import { Deployment, Release } from '../../../src/contract/prompts/statements';
import { isTold } from '../../../src/contract/prompts/told-events';
import type { DeploymentWrite, Members, RecordChange, RegistryPort } from '../../aws/registry-port';
import { mapAtOnce } from '../../system/at-once';
import { CouldNotRun } from '../../system/could-not-run';

/** What a command wants an environment to serve. */
export type Wanted = Pick<Deployment, 'active' | 'candidate' | 'revoked' | 'reason'>;

/** So often a command decides anew when others deploy the same prompt at the same moment. */
const ROUNDS = 25;
/** Every command tells what waits, so nothing waits for long: of older events the audit asks. */
const LAST_EVENTS = 100;
/** So many copies of the history are read at once. */
const AT_ONCE = 64;

/**
 * What environments serve. The locked copy decides a sequence: it is written once, before the table. Whoever finds a copy that the
 * table does not have yet finishes its transaction, and only then goes on: so there are never two deployments of one sequence.
 */
export class Deployments {
  constructor(private readonly port: RegistryPort, private readonly seal: Seal, private readonly eventBus: string) {}

  /** What an environment serves, after the deployment of a command that ended too early is finished. */
  public async settled(placed: Placed): Promise<Deployment | undefined> {
    for (let round = 0; round < ROUNDS; round++) {
      const current = await this.tryCurrent(placed);
      const next = await this.tryCopy(placed, (current?.sequence ?? 0) + 1);
      if (!next) return current;
      await this.port.deploy(await this.transactionOf(placed, current, next));
    }
    throw new CouldNotRun(`${placed.environment}: the table does not take over the deployments of `
      + `${placed.id} in ${deploymentPrefix(placed)}. `
      + 'Somebody deploys it all the time, or the table was put back: run the audit, and try again.');
  }

  /**
   * Deploys what `decide` wants, given what is served. It decides anew when another command was faster; undefined wants nothing.
   * The answer is the deployment, or undefined when nothing was wanted.
   */
  public async deploy(
    placed: Placed, by: string, decide: (current: Deployment | undefined) => Promise<Wanted | undefined>,
  ): Promise<Deployment | undefined> {
    for (let round = 0; round < ROUNDS; round++) {
      const current = await this.settled(placed);
      const wanted = await decide(current);
      if (!wanted) return undefined;
      const statement: Deployment = await this.seal.sign<Deployment>({
        kind: 'deployment',
        environment: placed.environment,
        prompt_id: placed.id,
        sequence: (current?.sequence ?? 0) + 1,
        ...withoutUndefined(wanted),
        by,
        time: new Date().toISOString(),
        event_id: randomUUID(),
      });
      const key = deploymentObject({ ...placed, sequence: statement.sequence });
      const isWritten = await this.port.putObjectOnce(key, textOf(statement)) !== undefined;
      // An answer that was lost, and asked for again, looks like another's object.
      const isOurs = isWritten || (await this.tryCopy(placed, statement.sequence))?.event_id === statement.event_id;
      if (isOurs) {
        await this.settled(placed);
        return statement;
      }
    }
    throw new CouldNotRun(`${placed.environment}: ${ROUNDS} other deployments of ${placed.id} were faster. Try again later.`);
  }

  /** Every deployment of the locked history up to one, oldest first. */
  public async history(placed: Placed, last: number): Promise<Deployment[]> {
    const sequences = Array.from({ length: last }, (_, index) => index + 1);
    const copies = await mapAtOnce(sequences, AT_ONCE, sequence => this.tryCopy(placed, sequence));
    return copies.filter(copy => copy !== undefined);
  }

  /** The same history for who wants its end: it may be long. */
  public backwards(placed: Placed, last: number): HistoryBackwards {
    return new HistoryBackwards(last, sequence => this.tryCopy(placed, sequence));
  }

  /**
   * Publishes the events that wait, those too that an earlier command left behind, and those that somebody only marked. Errors: one that
   * is not that of a deployment.
   */
  public async publishEvents(placed: Placed, last = LAST_EVENTS): Promise<void> {
    const [prefix] = PROMPT_REGISTRY.table.event.split('{');
    const cryptography = await this.seal.cryptography();
    for (const { sk, pk, ...event } of await this.port.items(deployedPartition(placed), prefix, last)) {
      const name = { ...placed, sequence: sequenceOf(sk) };
      if (isTold(event, name, cryptography)) continue;
      await this.requireEvent(event, sk, placed);
      await this.port.putEvent({
        source: PROMPT_REGISTRY.events.source,
        bus: this.eventBus,
        detailType: event.detail_type as string,
        detail: canonicalJson(event.detail as JsonValue),
      });
      await this.port.markPublished({ pk, sk }, await this.seal.receipt(name));
    }
  }

  /** What follows from the signed deployments of an environment, and from nothing else: so whoever finishes it writes the same. */
  private async transactionOf(placed: Placed, before: Deployment | undefined, after: Deployment): Promise<DeploymentWrite> {
    const { id, environment } = placed;
    const { reason, by, time } = after;
    const served = releasesOf(after).map(({ version }) => version);
    const hashes = after.revoked.filter(hash => !before!.revoked.includes(hash));
    const history = hashes.length === 0 ? [] : await this.history(placed, before!.sequence);
    const isRevoked = ({ template_hash: hash }: Release) => hashes.includes(hash);
    const left = [...before ? releasesOf(before) : [], ...history.flatMap(releasesOf).filter(isRevoked)]
      .filter(({ version }, index, all) => !served.includes(version) && all.findIndex(one => one.version === version) === index);
    const records: RecordChange[] = [
      ...served.map(version => ({ key: recordKey({ id, version }), isDeployed: true })),
      ...left.map(release => ({
        key: recordKey({ id, version: release.version }), isDeployed: false, ...isRevoked(release) && { revoked: { reason, by, time } },
      })),
    ];
    return {
      environment,
      expected: before?.sequence ?? 0,
      current: { key: currentKey(placed), members: after as unknown as Members },
      event: { key: eventKey({ ...placed, sequence: after.sequence }), members: eventOf(before, after) as unknown as Members },
      records,
      token: after.event_id,
    };
  }

  /** Nobody signs an event: what is told has to follow from the signed deployments. */
  private async requireEvent(event: Members, sk: string, placed: Placed): Promise<void> {
    const sequence = sequenceOf(sk);
    const [before, after] = await Promise.all([sequence - 1, sequence].map(one => (one > 0 ? this.tryCopy(placed, one) : undefined)));
    if (after && (before || sequence === 1) && isEventOf(event, before, after)) return;
    throw new Tampered(`the event ${sk} of ${placed.id} is not that of a deployment`, `${placed.environment}: `);
  }

  private async tryCurrent(placed: Placed): Promise<Deployment | undefined> {
    const item = await this.port.tryItem(currentKey(placed));
    return item && this.requireGenuine(item, placed, `the table's deployment of ${placed.id}`);
  }

  private async tryCopy(placed: Placed, sequence: number): Promise<Deployment | undefined> {
    const key = deploymentObject({ ...placed, sequence });
    const object = await this.port.tryObject(key);
    if (!object) return undefined;
    const copy = await this.requireGenuine(parsed(object.bytes), placed, key);
    if (copy.sequence !== sequence) throw new Tampered(`${key} is deployment ${copy.sequence}`, `${placed.environment}: `);
    return copy;
  }

  private async requireGenuine(statement: Members, placed: Placed, where: string): Promise<Deployment> {
    const [fault] = findStatementFaults(statement as Partial<Deployment>, placed, await this.seal.cryptography());
    if (fault) throw new Tampered(`${where}: ${fault.message}`, `${placed.environment}: `);
    return statement as unknown as Deployment;
  }
}

function sequenceOf(sk: string): number {
  return Number(/\d+$/.exec(sk)?.[0] ?? 0);
}

function textOf(statement: object): string {
  return canonicalJson(statement as unknown as JsonValue);
}

function parsed(bytes: Uint8Array): Members {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as unknown;
    return value !== null && typeof value === 'object' ? value as Members : {};
  } catch {
    return {};
  }
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
