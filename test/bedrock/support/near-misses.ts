import { foundationModel, own, Permit } from './permits';
import { isPermitted, requestOf } from './permitted';
import { AccessRequest, ACCOUNT, allows, PolicyJson } from './simulation';

/** Near misses on "*". */
const ACTIONS_WITHOUT_RESOURCES = [
  'bedrock:ListCustomModels',
  'bedrock:Rerank',
  'bedrock:PutModelInvocationLoggingConfiguration',
  'bedrock:CallWithBearerToken',
];
/** Compares the simulation with the table. */
export function expectAsInTable(policies: PolicyJson[], permits: Permit[], request: AccessRequest): void {
  const expected = isPermitted(permits, request);
  if (allows(policies, request) !== expected) {
    throw new Error(
      `${expected ? 'denied' : 'allowed'}, against the table: ${JSON.stringify(request)}\n${JSON.stringify(policies, null, 1)}`,
    );
  }
}

/** Requests that differ in one respect from what a permit allows; the runs take turns with them. */
export function nearMisses(permit: Permit, region: string): AccessRequest[] {
  const [action] = permit.actions;
  const request = requestOf(permit, action);
  const { resource, context } = request;
  return [
    ...(resource === '*' ? ACTIONS_WITHOUT_RESOURCES : otherActions(action)).map(other => ({ ...request, action: other })),
    ...otherResources(resource, region).map(other => ({ ...request, resource: other })),
    ...Object.keys(context ?? {}).flatMap(key => [
      { ...request, context: without(context!, key) },
      { ...request, context: { ...context, [key]: `${String(context![key])}0` } },
    ]),
    ...Object.entries(permit.unlessOther ?? {}).map(([key, value]) =>
      ({ ...request, context: { ...context, [key]: `${[value].flat()[0]}0` } })),
  ];
}

function otherActions(action: string): string[] {
  const [service] = action.split(':');
  const candidates: Record<string, string[]> = {
    'bedrock': [
      'bedrock:InvokeModelWithResponseStream',
      'bedrock:CountTokens',
      'bedrock:DeleteCustomModel',
      'bedrock:UntagResource',
      'bedrock:CreateProvisionedModelThroughput',
    ],
    'bedrock-mantle': ['bedrock-mantle:CreateProject', 'bedrock-mantle:DeleteInference'],
    'sagemaker': ['sagemaker:DeleteEndpoint', 'sagemaker:InvokeEndpointAsync'],
    's3': ['s3:DeleteObject', 's3:PutBucketPolicy'],
    'iam': ['iam:UpdateAssumeRolePolicy', 'iam:AttachRolePolicy'],
  };
  return candidates[service];
}

function otherResources(resource: string, region: string): string[] {
  if (resource === '*') return [];
  const otherRegion = region === 'eu-west-1' ? 'eu-west-2' : 'eu-west-1';
  return [
    resource.replace(/^(arn:[^:]*:[^:]*):[^:]+:/, `$1:${otherRegion}:`),
    resource.replace(`:${ACCOUNT}:`, ':999999999999:'),
    resource.replace(/^arn:[^:]+:/, 'arn:aws-iso:'),
    `${resource}0`,
    foundationModel(region, 'anthropic.claude-opus-4-20250514-v1:0'),
    own(region, 'inference-profile/us.anthropic.claude-opus-4-20250514-v1:0'),
  ].filter(other => other !== resource);
}

function without(context: Record<string, string | string[]>, key: string): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(context).filter(([name]) => name !== key));
}
