import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalPromptRegistry, useLocalAws, withLocalPromptRegistry } from './support/local-prompt-registry';
import { tryLock } from './support/object-lock';
import { ROOT } from '../local-stage/system/project';

/** The way of a prompt through the registry, by the real command on the local AWS; a rollback of all environments may take so long. */
const LIMIT_MS = 10_000;
const ENVIRONMENTS = ['dev', 'staging', 'production'];
const COMMAND = join(ROOT, 'assets', 'cli', 'plumbline.js');
const RUNTIME = join(ROOT, 'assets', 'runtime', 'node-layer', 'nodejs', 'plumbline', 'index.js');

const run = promisify(execFile);

/** The commands of a team, one after the other. */
class Way {
  constructor(private readonly folder: string, public readonly env: NodeJS.ProcessEnv) {}

  public async prompts(...args: string[]): Promise<{ readonly out: string; readonly ms: number }> {
    const began = performance.now();
    const { stdout } = await run(process.execPath, [COMMAND, 'prompts', ...args], { env: this.env, cwd: this.folder });
    return { out: stdout, ms: performance.now() - began };
  }

  public async publish(version: string, template: string): Promise<number> {
    mkdirSync(join(this.folder, version));
    const file = join(version, 'greeting.prompt.md');
    const front = `id: greeting\nversion: ${version}\nmodel: amazon.nova-pro-v1:0\nvariables: { name: { sample: Ada, maxLength: 40 } }`;
    writeFileSync(join(this.folder, file), `---\n${front}\n---\n${template}\n`);
    const [{ templateHash }] = JSON.parse((await this.prompts('hash', file, '--json')).out) as { templateHash: string }[];
    const result = join(version, 'result.json');
    writeFileSync(join(this.folder, result), JSON.stringify({ passed: 20, failed: 0, template_hash: templateHash }));
    // The local AWS counts no tokens.
    const { ms } = await this.prompts('publish', file, '--golden', result, '--safety', result, '--author', 'ada', '--no-token-count');
    await this.prompts('approve', 'greeting', version, '--role', 'engineer', '--reviewer', 'bob');
    await this.prompts('approve', 'greeting', version, '--role', 'tech_lead', '--reviewer', 'eve');
    return ms;
  }
}

async function report(way: Way, key: string): Promise<boolean> {
  const publishMs = await way.publish('1.0.0', 'Say hello to {{name}}.');
  for (const environment of ENVIRONMENTS) await way.prompts('promote', 'greeting', '1.0.0', '--to', environment);
  await way.publish('1.1.0', 'Say good day to {{name}}.');
  let promoteMs = 0;
  for (const environment of ENVIRONMENTS) promoteMs = (await way.prompts('promote', 'greeting', '1.1.0', '--to', environment)).ms;
  await way.prompts('promote', 'greeting', '1.1.0', '--to', 'production', '--all');
  const before = await servedIn('production', way, key);
  const rollback = await way.prompts('rollback', 'greeting', '--environment', ...ENVIRONMENTS, '--reason', 'rude', '--revoke');
  const after = await Promise.all(ENVIRONMENTS.map(environment => servedIn(environment, way, key)));
  const rows = [['publish', publishMs], ['promote', promoteMs], [`rollback of ${ENVIRONMENTS.join(', ')}`, rollback.ms]] as const;
  const table = rows.map(([name, ms]) => `| ${name} | ${ms.toFixed(0)} |`);
  console.log(['', '| command, on the local AWS | ms |', '|---|--:|', ...table].join('\n'));
  console.log(`\ngetPrompt in production: ${before} before the rollback; after it ${after.join(', ')} in ${ENVIRONMENTS.join(', ')}.`);
  return rollback.ms < LIMIT_MS && before === '1.1.0' && after.every(version => version === '1.0.0');
}

/** The version that a function of an environment gets. */
async function servedIn(environment: string, { env }: Way, key: string): Promise<string> {
  const program = `require(${JSON.stringify(RUNTIME)}).getPrompt('greeting', { variables: { name: 'Ada' } })
    .then(({ version }) => console.log('version', version), error => console.log('version', error.message))`;
  const prompts = { bucket: 'prompts', table: 'prompts', key, region: 'us-east-1', environment, prompts: { greeting: {} } };
  const settings = { PLUMBLINE_ENVIRONMENT: environment, PLUMBLINE_PROMPTS: JSON.stringify(prompts) };
  const { stdout } = await run(process.execPath, ['-e', program], { env: { ...env, ...settings } });
  return /^version (.*)$/m.exec(stdout)![1];
}

async function main(registry: LocalPromptRegistry): Promise<boolean> {
  const { folder, env, location: { bucket, signingKey, region } } = registry;
  const isGood = await report(new Way(folder, env), signingKey);
  useLocalAws(registry);
  const { objects, faults } = await tryLock(bucket, region);
  console.log([`\n${objects} objects, each locked; faults found by deleting and shortening: ${faults.length}`, ...faults].join('\n'));
  return isGood && objects > 0 && faults.length === 0;
}

withLocalPromptRegistry(ENVIRONMENTS, main).then(good => process.exit(good ? 0 : 1), error => {
  console.error(error);
  process.exit(2);
});
