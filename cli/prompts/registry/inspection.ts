import { isDeepStrictEqual } from 'util';
import { parsedCopy, readCopies } from './copies';
import { findEventFaults } from './event-faults';
import type { Finding, Inspected } from './finding';
import type { RegistryParts } from './parts';
import { findServiceFaults } from './service-faults';
import { variableChanges } from './variable-changes';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import {
  DeploymentEvidence, findDeploymentFaults, findStatementFaults, objectName, releasesOf,
} from '../../../src/contract/prompts/judged-deployment';
import { currentKey, deployedPartition, Placed, TableKey } from '../../../src/contract/prompts/registry-keys';
import { tryItemPlace } from '../../../src/contract/prompts/registry-places';
import { Deployment } from '../../../src/contract/prompts/statements';
import { isTold } from '../../../src/contract/prompts/told-events';

/** So often it is looked again when others deploy meanwhile. */
const ROUNDS = 5;
const [EVENT_PREFIX] = PROMPT_REGISTRY.table.event.split('{');

type Current = DeploymentEvidence['current'];

/** Looks at what the registry has of a prompt in an environment; writes nothing. */
export class Inspection {
  constructor(private readonly parts: RegistryParts) {}

  public async inspect(placed: Placed): Promise<Inspected> {
    for (let round = 1; ; round++) {
      const current = await this.tryCurrent(placed);
      const inspected = await this.look(placed, current);
      if (inspected.findings.length === 0 || round === ROUNDS) return inspected;
      // What was read before somebody's deployment and what was read after it do not fit together, and nothing is wrong.
      if (isDeepStrictEqual(await this.tryCurrent(placed), current)) return inspected;
    }
  }

  private async tryCurrent(placed: Placed): Promise<Current> {
    return await this.parts.port.tryItem(currentKey(placed)) as Current;
  }

  private async look(placed: Placed, current: Current): Promise<Inspected> {
    const { port, seal } = this.parts;
    const cryptography = await seal.cryptography();
    const isGenuine = (statement: object) => findStatementFaults(statement, placed, cryptography).length === 0;
    const { copies, strangers } = await readCopies(port, placed);
    const deployment = current !== undefined && isGenuine(current) ? current as Deployment : undefined;
    const objects = new Map<string, Uint8Array | undefined>();
    for (const release of deployment ? releasesOf(deployment) : []) {
      objects.set(objectName(release), (await port.tryObject(release.key, release.object_version_id))?.bytes);
    }
    const findings: Finding[] = [...strangers, ...findDeploymentFaults({ ...placed, current, copies, objects }, cryptography)];
    const history = copies.map(copy => parsedCopy(copy) as Deployment).filter(isGenuine);
    if (!deployment) return { ...placed, findings, warnings: inFlight(history, 0), waitingEvents: 0 };
    const events = await port.items(deployedPartition(placed), EVENT_PREFIX);
    const evidence = { placed, deployment, history };
    findings.push(...await findServiceFaults(this.parts, evidence), ...findEventFaults(events, evidence, cryptography));
    const inspected = {
      ...placed,
      deployment,
      findings,
      warnings: inFlight(history, deployment.sequence),
      waitingEvents: events.filter(event => !isTold(event, { ...placed, sequence: sequenceOf(event) }, cryptography)).length,
    };
    return findings.length === 0 ? this.withDocument(inspected, deployment) : inspected;
  }

  private async withDocument(inspected: Inspected, { active, candidate }: Deployment): Promise<Inspected> {
    const [document, coming] = await Promise.all([active, ...candidate ? [candidate] : []]
      .map(release => this.parts.versions.requireReleased(release, inspected.id)));
    const changes = coming ? variableChanges(document, coming) : [];
    const warnings = [...inspected.warnings, ...changes.map(change => `the candidate ${coming.version}: ${change}`)];
    return { ...inspected, document, warnings };
  }
}

function sequenceOf(event: TableKey): number {
  return tryItemPlace(event)?.sequence ?? 0;
}

/** What is locked and not in the table: mostly it will be in a moment. */
function inFlight(history: readonly Deployment[], served: number): string[] {
  return history.filter(({ sequence }) => sequence === served + 1).map(({ sequence, by, time }) => `deployment ${sequence} of ${by}, `
    + `${time}, does not serve yet: its command is at work, or was cut off; in that case run it again`);
}
