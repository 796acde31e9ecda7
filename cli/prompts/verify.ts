import { hashesOf, Prompt } from './prompt';
import { readPrompts } from './read-prompts';
import type { Finding, Inspected } from './registry/finding';
import { variableChanges } from './registry/variable-changes';
import { AccessOptions, namedEnvironments, withRegistry } from './registry-access';
import { inspectedJson, inspectedText } from './report-inspected';
import { releasesOf } from '../../src/contract/prompts/judged-deployment';
import { Console } from '../system/console';
import { CouldNotRun } from '../system/could-not-run';

export interface VerifyOptions extends AccessOptions {
  readonly environment?: readonly string[];
  readonly from?: string;
  readonly json?: boolean;
}

/** `plumbline prompts verify`, the gate of a deployment: 1 when an environment serves what was not signed, tested and approved for it. */
export async function verify(ids: readonly string[], options: VerifyOptions, console: Console): Promise<number> {
  const { cwd, print } = console;
  const files = options.from === undefined ? undefined : promptsOf(options.from, cwd);
  const { chosen, environment } = namedEnvironments(options.environment);
  const found = await withRegistry(options, environment, registry =>
    registry.inspect(chosen ?? registry.environments, { ids, also: files?.map(({ id }) => id) }));
  const inspected = files ? found.map(one => withGit(one, files.find(({ id }) => id === one.id)))
    : ids.length > 0 ? found.map(requireServed) : found;
  print(options.json ? inspectedJson(inspected) : inspectedText(inspected));
  return inspected.some(({ findings }) => findings.length > 0) ? 1 : 0;
}

function promptsOf(folder: string, cwd: string): Prompt[] {
  const prompts = readPrompts([folder], cwd);
  const twice = prompts.find(({ id }, index) => prompts.findIndex(other => other.id === id) !== index);
  if (twice) throw new CouldNotRun(`${folder} has ${twice.id} twice, as ${twice.file} too. Name the folder that is deployed.`);
  return prompts;
}

/** Who names a prompt wants it to serve. */
function requireServed(inspected: Inspected): Inspected {
  const { deployment, findings, id, environment } = inspected;
  if (deployment || findings.length > 0) return inspected;
  return { ...inspected, findings: [{ code: 'not-deployed', message: `nothing of ${id} serves ${environment}` }] };
}

/** Beside what is active, a candidate may be what Git has: it serves too. */
function withGit(inspected: Inspected, file: Prompt | undefined): Inspected {
  const { deployment, document, environment, id } = inspected;
  if (!file) return deployment ? withWarnings(inspected, [`it serves ${environment}, and there is no file of ${id}`]) : inspected;
  const { templateHash, compiledHash, version } = hashesOf(file);
  const isServed = deployment && releasesOf(deployment).some(one =>
    one.template_hash === templateHash && one.compiled_hash === compiledHash && one.version === version);
  if (isServed) return inspected;
  const served = deployment?.active;
  const finding: Finding = served
    ? {
      code: 'git-differs',
      message: `${file.file} is ${version}${version === served.version ? ' with other words' : ''}, and ${served.version} serves`,
      activeHash: served.template_hash,
      registryHash: templateHash,
    }
    : { code: 'not-deployed', message: `${file.file} is ${version}, and nothing of it serves`, registryHash: templateHash };
  const changes = document ? variableChanges(document, { messages: file.content.messages, variables: file.variables }) : [];
  return withWarnings({ ...inspected, findings: [...inspected.findings, finding] }, changes.map(change => `${file.file}: ${change}`));
}

function withWarnings(inspected: Inspected, warnings: readonly string[]): Inspected {
  return { ...inspected, warnings: [...inspected.warnings, ...warnings] };
}
