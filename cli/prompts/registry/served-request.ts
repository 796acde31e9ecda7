import { historyOf } from './history';
import type { RegistryParts } from './parts';
import { Refused } from './refused';
import { sha256 } from './seal';
import { KnownVersion } from './versions';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { variablesOf } from '../../../src/contract/prompts/filled-prompt';
import { filledMessages, sentText } from '../../../src/contract/prompts/hashed-text';
import { releasesOf } from '../../../src/contract/prompts/judged-deployment';
import { Approval, Deployment } from '../../../src/contract/prompts/statements';

/** What a request says it was answered with. */
export interface AskedRequest {
  readonly promptId: string;
  readonly version: string;
  /** Not there when the code named the prompt itself, and did not get it from the registry. */
  readonly templateHash?: string;
  readonly promptHash?: string;
  readonly environment: string;
  readonly time: Date;
}

/** What the registry knows of it. */
export interface ServedRequest {
  readonly templateHash: string;
  readonly published: { readonly author: string; readonly time: string };
  readonly approvals: readonly Pick<Approval, 'reviewer' | 'role' | 'time' | 'identity'>[];
  /** The deployment by which it served; undefined when the version did not serve there then. */
  readonly deployment?: Deployment;
  readonly as?: 'active' | 'candidate';
  /** Sentences without their full stops: what does not fit. */
  readonly faults: readonly string[];
  readonly notes: readonly string[];
}

const UNPROVEN = 'the line has no template_hash: the code named the version itself, and nothing proves it';

/** Which version answered a request, and whether it was allowed to. Errors: the registry never had that version. */
export async function servedRequest(parts: RegistryParts, asked: AskedRequest): Promise<ServedRequest> {
  const { promptId: id, version, environment, time } = asked;
  const known = await parts.versions.tryKnown({ id, version });
  if (!known?.record) {
    throw new Refused([`The registry has no ${id} ${version}: the line is forged, or is of another registry or of its sandbox.`]);
  }
  const { document } = known;
  const approvals = parts.isSandbox ? [] : await parts.versions.approvals({ id, version });
  const { deployments, faults } = await historyOf(parts, { environment, id });
  const found = deploymentAt(deployments, asked, document.template_hash);
  return {
    templateHash: document.template_hash,
    published: { author: document.author, time: document.time },
    approvals: approvals.map(({ reviewer, role, time: when, identity }) => ({ reviewer, role, time: when, identity })),
    deployment: found,
    as: found && (found.active.version === version ? 'active' : 'candidate'),
    faults: [
      ...findHashFaults(asked, known),
      ...found ? [] : [`${id} ${version} did not serve ${environment} at ${time.toISOString()}: the line is forged, or the function used `
        + 'the copy in its code because it could not reach the registry'],
      ...faults,
    ],
    notes: asked.templateHash === undefined ? [UNPROVEN] : [],
  };
}

/** The last deployment that served the version then: what was superseded may come from a cache for a while. */
function deploymentAt(deployments: readonly Deployment[], { version, time }: AskedRequest, hash: string): Deployment | undefined {
  const graceMs = PROMPT_REGISTRY.cache.maxStaleSeconds * 1000;
  return deployments.filter((deployment, index) => {
    const next = deployments[index + 1];
    return releasesOf(deployment).some(one => one.version === version && one.template_hash === hash)
      && time.getTime() >= Date.parse(deployment.time) && (!next || time.getTime() <= Date.parse(next.time) + graceMs);
  }).pop();
}

function findHashFaults({ templateHash, promptHash, promptId, version }: AskedRequest, { document }: KnownVersion): string[] {
  const hasVariables = document.messages.some(({ text }) => variablesOf(text).length > 0);
  const sent = hasVariables ? undefined : sha256(sentText(filledMessages(document.messages, {})));
  return [
    ...templateHash === undefined || templateHash === document.template_hash ? []
      : [`the line says the template hash ${templateHash}, and ${promptId} ${version} has ${document.template_hash}: the line is forged, `
        + 'or other words were used under this version'],
    ...sent === undefined || promptHash === undefined || promptHash === sent ? []
      : [`the line says the prompt hash ${promptHash}, and ${promptId} ${version}, which has no variables, can only have ${sent}`],
  ];
}
