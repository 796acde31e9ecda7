import { App, Stack } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { AwsSolutionsChecks } from 'cdk-nag';
import { name, version } from '../package.json';
import { DEPLOYED_ATTRIBUTES, Need, REGION, ROLE_CASES } from './support/bedrock-role-cases';
import { bedrockRolePeers, Peer } from './support/bedrock-role-peers';
import { Cell, table } from './support/table';
import { BEDROCK_ROLE } from '../src/standards/contract';
import { ActionRequests, actionsOf, bedrockPrefixes } from '../test/bedrock/support/action-data';
import { deployed } from '../test/bedrock/support/deployed';
import { rolePolicies } from '../test/bedrock/support/role-policies';
import { AccessRequest, ACCOUNT, allows, PolicyJson } from '../test/bedrock/support/simulation';

const OURS = name;
const PSEUDO_PARAMETERS = { 'AWS::Partition': 'aws', 'AWS::Region': REGION, 'AWS::AccountId': ACCOUNT };
const REGIONS = RegionInfo.regions.filter(({ partition }) => partition === 'aws').map(region => region.name);
/** The library's roles may list models, for the health check that the standard demands. */
const HEALTH_CHECK: readonly string[] = BEDROCK_ROLE.statements.healthCheck.actions;

/** What a role may do, against what it is for. */
interface Measured {
  readonly actionsBeyond: string[];
  readonly regionsBeyond: string[];
  readonly neededButDenied: number;
  readonly nagErrors: string[];
}

void main();

async function main(): Promise<void> {
  const peers = bedrockRolePeers();
  const actions = await actionsOf(await bedrockPrefixes(), 'aws', REGION);
  const rows = ROLE_CASES.flatMap(({ title, need, ours, theirs }) => [
    { title, construct: OURS, measured: measure(ours, need, actions) },
    ...peers.map(({ name: construct, bedrock }) => ({ title, construct, measured: measure(stack => theirs(stack, bedrock), need, actions) })),
  ]);
  report(rows, peers, actions.length);
  const over = rows.filter(({ construct, measured }) => construct === OURS && exceeds(measured!));
  for (const { title } of over) console.error(`\nBedrockTaskRole grants more or less than needed: ${title}.`);
  process.exitCode = over.length === 0 ? 0 : 1;
}

function measure(build: (stack: Stack) => IRole | undefined, need: Need, actions: ActionRequests[]): Measured | undefined {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: REGION } });
  const role = build(stack);
  if (!role) return undefined;
  const policies = deployed(withAttributes(rolePolicies(role)), PSEUDO_PARAMETERS) as PolicyJson[];
  return {
    actionsBeyond: actionsBeyond(policies, need, actions),
    regionsBeyond: [...REGIONS, ''].filter(region => otherInvocations(need, region).some(request => allows(policies, request))),
    neededButDenied: neededRequests(need).filter(request => !allows(policies, request)).length,
    nagErrors: new AwsSolutionsChecks().validateScope(stack).violations
      .flatMap(({ ruleName, violatingResources }) => violatingResources.map(() => ruleName)),
  };
}

/** Every action of every Bedrock prefix, on resources of its own types and on those of the case. */
function actionsBeyond(policies: PolicyJson[], need: Need, actions: ActionRequests[]): string[] {
  const own = [...need.models.map(model => foundationModel(model, REGION)), ...need.profile ? [need.profile] : []];
  const needless = actions.filter(({ action }) => !need.actions.includes(action) && !HEALTH_CHECK.includes(action));
  const context = contextOf(need.profile, REGION);
  return needless
    .filter(({ action, resources }) => [...resources, ...own].some(resource => allows(policies, { action, resource, context })))
    .map(({ action }) => action);
}

/** Every request that AWS authorises when the service makes its calls. */
function neededRequests({ actions, models, profile, regions }: Need): AccessRequest[] {
  return actions.flatMap(action => [
    ...profile ? [{ action, resource: profile, context: contextOf(undefined, REGION) }] : [],
    ...regions.flatMap(region => models.map(model => invocation(model, region, profile, action))),
  ]);
}

/** Invocations in the Region that the service never makes: elsewhere, or past its profile. */
function otherInvocations({ models, profile, regions }: Need, region: string): AccessRequest[] {
  const ways = [undefined, ...profile ? [profile] : []];
  return ways.filter(way => way !== profile || !regions.includes(region)).flatMap(way => models.map(model => invocation(model, region, way)));
}

function invocation(model: string, region: string, profile: string | undefined, action = 'bedrock:InvokeModel'): AccessRequest {
  return { action, resource: foundationModel(model, region), context: contextOf(profile, region) };
}

function contextOf(profile: string | undefined, region: string): Record<string, string> {
  return { 'aws:RequestedRegion': region || 'unspecified', ...(profile && { 'bedrock:InferenceProfileArn': profile }) };
}

function foundationModel(model: string, region: string): string {
  return `arn:aws:bedrock:${region}::foundation-model/${model}`;
}

function withAttributes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withAttributes);
  if (typeof value !== 'object' || value === null) return value;
  const attribute = (value as { 'Fn::GetAtt'?: [string, string] })['Fn::GetAtt'];
  if (attribute) return DEPLOYED_ATTRIBUTES[attribute[1]];
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withAttributes(inner)]));
}

function exceeds({ actionsBeyond: actions, regionsBeyond, neededButDenied, nagErrors }: Measured): boolean {
  return actions.length + regionsBeyond.length + neededButDenied + nagErrors.length > 0;
}

function report(rows: readonly { title: string; construct: string; measured?: Measured }[], peers: readonly Peer[], actions: number): void {
  console.log([
    `A role for a service in ${REGION}, its policies simulated over ${actions} actions of every Bedrock prefix and ${REGIONS.length} Regions.`,
    `${[{ name: OURS, version }, ...peers].map(contender => `${contender.name} ${contender.version}`).join(', ')}.`,
    'A Region counts as beyond need when the role may invoke the model there in a way the service never does: in another Region, or past its profile.',
    'Nag errors are those of AwsSolutions. Not counted: listing models, which the library\'s roles may do for their health check.\n',
  ].join('\n'));
  console.log(table(
    ['case', 'construct', 'actions beyond need', 'Regions beyond need', 'needed, but denied', 'nag errors'],
    rows.map(({ title, construct, measured }) => [title, construct, ...measured ? figures(measured) : ['not offered', '-', '-', '-']]),
  ));
  const beyond = [...new Set(rows.flatMap(({ measured }) => measured?.actionsBeyond ?? []))];
  console.log(`\nActions beyond need: ${beyond.join(', ') || 'none'}.`);
}

function figures({ actionsBeyond: actions, regionsBeyond, neededButDenied, nagErrors }: Measured): Cell[] {
  return [actions.length, regionsBeyond.length, neededButDenied, nagErrors.length];
}
