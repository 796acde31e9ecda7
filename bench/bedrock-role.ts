import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnApplicationInferenceProfile } from 'aws-cdk-lib/aws-bedrock';
import { IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BedrockPermissions, BedrockTaskRole } from '../src';
import { onDemandPackages } from './support/on-demand-packages';
import { Cell, table } from '../build-tools/table';
import { actionsOf, bedrockPrefixes } from '../test/bedrock/support/action-data';
import { deployed } from '../test/bedrock/support/deployed';
import { rolePolicies } from '../test/bedrock/support/role-policies';
import { ACCOUNT, allows, PolicyJson } from '../test/bedrock/support/simulation';

const PEERS = { '@aws-cdk/aws-bedrock-alpha': '2.271.0-alpha.0', '@cdklabs/generative-ai-cdk-constructs': '0.1.318' };
const MODEL = 'amazon.nova-pro-v1:0';
const APPLICATION_ID = 'abcdefghijkl';
const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
const US = ['us-east-1', 'us-east-2', 'us-west-2'];
const EU = ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3'];
/** A model ARN without a Region, as global profiles route by. */
const NOWHERE = '';

type Kind = 'model' | 'us' | 'eu' | 'global' | 'application';

/** What a service needs in each case: where it calls from, by which profile, and where the model may run. */
const CASES: Record<Kind, { title: string; region: string; profile?: string; regions: string[] }> = {
  model: { title: 'a foundation model', region: 'us-east-1', regions: ['us-east-1'] },
  us: { title: 'a "us." profile', region: 'us-east-1', profile: `inference-profile/us.${MODEL}`, regions: US },
  eu: { title: 'an "eu." profile', region: 'eu-west-1', profile: `inference-profile/eu.${MODEL}`, regions: EU },
  global: {
    title: 'a "global." profile', region: 'us-east-1', profile: `inference-profile/global.${MODEL}`, regions: ['us-east-1', NOWHERE],
  },
  application: {
    title: 'an application profile of a "us." profile',
    region: 'us-east-1',
    profile: `application-inference-profile/${APPLICATION_ID}`,
    regions: US,
  },
};

const HEAD = [
  'case',
  'library',
  'actions beyond need',
  'Regions beyond need',
  'Regions missing',
  'Regions open without the profile',
  'AwsSolutions findings',
];

/** What the two peers have in common, as far as it is used here. */
interface Invokable { grantInvoke(grantee: IGrantable): unknown }
interface Peer {
  BedrockFoundationModel: new (id: string, props: object) => Invokable;
  CrossRegionInferenceProfile: { fromConfig(config: object): Invokable };
  CrossRegionInferenceProfileRegion: Record<string, string | undefined>;
  ApplicationInferenceProfile: new (scope: Stack, id: string, props: object) => Invokable;
}

type Build = (stack: Stack, kind: Kind) => Role | undefined;

function ours(stack: Stack, kind: Kind): Role {
  return new BedrockTaskRole(stack, 'Role', permissions(stack, kind));
}

function permissions(stack: Stack, kind: Kind): BedrockPermissions {
  if (kind === 'model') return { allowedModels: [MODEL] };
  if (kind !== 'application') return { allowedModels: [`${kind}.${MODEL}`] };
  const profile = new CfnApplicationInferenceProfile(stack, 'Profile', {
    inferenceProfileName: 'chat',
    modelSource: { copyFrom: `arn:aws:bedrock:us-east-1:${ACCOUNT}:inference-profile/us.${MODEL}` },
  });
  const resourceName = profile.attrInferenceProfileId;
  const arn = stack.formatArn({ service: 'bedrock', resource: 'application-inference-profile', resourceName });
  return { allowedModels: [arn], inferenceProfiles: [{ profile: arn, model: `us.${MODEL}` }] };
}

/** The role of a peer; undefined when it has no way to name the model. */
function peer(library: Peer): Build {
  return (stack, kind) => {
    const model = new library.BedrockFoundationModel(MODEL, { supportsCrossRegion: true });
    const geoRegion = library.CrossRegionInferenceProfileRegion[(kind === 'application' ? 'us' : kind).toUpperCase()];
    if (kind !== 'model' && !geoRegion) return undefined;
    const crossRegion = () => library.CrossRegionInferenceProfile.fromConfig({ geoRegion, model });
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const application = () => new library.ApplicationInferenceProfile(stack, 'Profile', {
      applicationInferenceProfileName: 'chat', inferenceProfileName: 'chat', modelSource: crossRegion(),
    });
    const invokable = kind === 'model' ? model : kind === 'application' ? application() : crossRegion();
    invokable.grantInvoke(role);
    return role;
  };
}

async function measured(build: Build, kind: Kind): Promise<Cell[]> {
  const { region, profile, regions } = CASES[kind];
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: ACCOUNT, region } });
  const role = build(stack, kind);
  if (!role) return ['-', '-', '-', '-', '-'];
  const profileArn = profile && `arn:aws:bedrock:${region}:${ACCOUNT}:${profile}`;
  const policies = deployed(rolePolicies(role), {
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::AccountId': ACCOUNT,
    '.InferenceProfileArn': `arn:aws:bedrock:${region}:${ACCOUNT}:application-inference-profile/${APPLICATION_ID}`,
    '.InferenceProfileId': APPLICATION_ID,
  }) as PolicyJson[];
  const open = (context: Record<string, string>) => everyRegion().filter(place => allows(policies, {
    action: INVOKE[0],
    resource: `arn:aws:bedrock:${place}::foundation-model/${MODEL}`,
    context: place === NOWHERE ? { ...context, 'aws:RequestedRegion': 'unspecified' } : context,
  }));
  const throughProfile = open(profileArn ? { 'bedrock:InferenceProfileArn': profileArn } : {});
  return [
    await actionsBeyondNeed(policies, region, profileArn),
    throughProfile.filter(place => !regions.includes(place)).length,
    regions.filter(place => !throughProfile.includes(place)).length,
    profileArn ? open({}).length : 0,
    new AwsSolutionsChecks().validateScope(app).violations.length,
  ];
}

async function actionsBeyondNeed(policies: PolicyJson[], region: string, profileArn?: string): Promise<number> {
  const named = [`arn:aws:bedrock:${region}::foundation-model/${MODEL}`, ...profileArn ? [profileArn] : []];
  const context: Record<string, string> = profileArn ? { 'bedrock:InferenceProfileArn': profileArn } : {};
  const actions = await actionsOf(await bedrockPrefixes(), 'aws', region);
  const resourcesOf = (resources: string[]) => (resources.includes('*') ? resources : [...resources, ...named]);
  return actions.filter(({ action, resources }) => !INVOKE.includes(action)
    && resourcesOf(resources).some(resource => allows(policies, { action, resource, context }))).length;
}

function everyRegion(): string[] {
  return [...RegionInfo.regions.map(({ name }) => name).filter(name => RegionInfo.get(name).partition === 'aws'), NOWHERE];
}

async function main(): Promise<void> {
  const require = onDemandPackages('bedrock-role', PEERS);
  const builds: Record<string, Build> = {
    'cdk-plumbline': ours,
    '@aws-cdk/aws-bedrock-alpha': peer(require('@aws-cdk/aws-bedrock-alpha') as Peer),
    '@cdklabs/generative-ai-cdk-constructs': peer((require('@cdklabs/generative-ai-cdk-constructs') as { bedrock: Peer }).bedrock),
  };
  const rows: Cell[][] = [];
  for (const kind of Object.keys(CASES) as Kind[]) {
    for (const [name, build] of Object.entries(builds)) rows.push([CASES[kind].title, name, ...await measured(build, kind)]);
  }
  const text = [
    'Simulated over every action of every Bedrock service, every Region of the partition aws and the Region-less ARN. ' +
      '"-": the library cannot name the model.',
    'The one action of cdk-plumbline beyond need is ListFoundationModels, which the health check of its runtime calls.',
    `Versions: ${Object.entries(PEERS).map(entry => entry.join(' ')).join(', ')}.`,
    '',
    table(HEAD, rows),
  ].join('\n');
  console.log(text);
  if (process.argv.includes('--record')) record(text);
  const over = rows.filter(([, name, actions, beyond, missing, direct, findings]) =>
    name === 'cdk-plumbline' && (actions !== 1 || [beyond, missing, direct, findings].some(value => value !== 0)));
  if (over.length > 0) {
    console.error(`\ncdk-plumbline grants other than what is needed: ${over.map(([title]) => title).join(', ')}`);
    process.exitCode = 1;
  }
}

function record(text: string): void {
  const document = join(__dirname, '..', 'docs', 'bedrock-task-role.md');
  const section = /(<!-- bench: begin -->\n)[^]*?(\n<!-- bench: end -->)/;
  writeFileSync(document, readFileSync(document, 'utf8').replace(section, (_match, begin: string, end: string) => `${begin}${text}${end}`));
}

void main();
