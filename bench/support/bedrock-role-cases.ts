import { Stack } from 'aws-cdk-lib';
import { CfnApplicationInferenceProfile } from 'aws-cdk-lib/aws-bedrock';
import { IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BedrockPackage } from './bedrock-role-peers';
import { BedrockTaskRole } from '../../src';
import { ACCOUNT } from '../../test/bedrock/support/simulation';

export const REGION = 'us-east-1';
/** Where `us.` profiles route to; a test holds the library's own table to the same. */
const US_REGIONS = ['us-east-1', 'us-east-2', 'us-west-2'];
const SONNET_3 = 'anthropic.claude-3-sonnet-20240229-v1:0';
const HAIKU_3 = 'anthropic.claude-3-haiku-20240307-v1:0';
const HAIKU = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const EMBEDDING = 'amazon.titan-embed-text-v2:0';
const APPLICATION_PROFILE_ID = 'abcdefghijkl';
const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];

/** What a service really asks of Bedrock. */
export interface Need {
  readonly actions: readonly string[];
  readonly models: readonly string[];
  /** The ARN that the service names in its calls; without it, it names the models themselves. */
  readonly profile?: string;
  /** Where the models are invoked; the empty one stands for "in any Region", as global profiles do. */
  readonly regions: readonly string[];
}

export interface RoleCase {
  readonly title: string;
  readonly need: Need;
  readonly ours: (stack: Stack) => IRole;
  /** Undefined where the package has no way to say it. */
  readonly theirs: (stack: Stack, bedrock: BedrockPackage) => IRole | undefined;
}

export const ROLE_CASES: RoleCase[] = [
  {
    title: 'two foundation models',
    need: { actions: INVOKE, models: [SONNET_3, HAIKU_3], regions: [REGION] },
    ours: stack => new BedrockTaskRole(stack, 'Role', { allowedModels: [SONNET_3, HAIKU_3] }),
    theirs: (stack, bedrock) => invoking(stack, [SONNET_3, HAIKU_3].map(id => model(bedrock, id))),
  },
  {
    title: 'an embedding model',
    need: { actions: ['bedrock:InvokeModel'], models: [EMBEDDING], regions: [REGION] },
    ours: stack => new BedrockTaskRole(stack, 'Role', { allowedModels: [EMBEDDING], allowEmbeddings: true }),
    theirs: (stack, bedrock) => invoking(stack, [model(bedrock, EMBEDDING)]),
  },
  {
    title: 'a profile "us."',
    need: { actions: INVOKE, models: [HAIKU], profile: arn(`inference-profile/us.${HAIKU}`), regions: US_REGIONS },
    ours: stack => new BedrockTaskRole(stack, 'Role', { allowedModels: [`us.${HAIKU}`] }),
    theirs: (stack, bedrock) => invoking(stack, [systemProfile(bedrock, 'US')]),
  },
  {
    title: 'a profile "global."',
    need: { actions: INVOKE, models: [HAIKU], profile: arn(`inference-profile/global.${HAIKU}`), regions: [REGION, ''] },
    ours: stack => new BedrockTaskRole(stack, 'Role', { allowedModels: [`global.${HAIKU}`] }),
    theirs: (stack, bedrock) => (bedrock.CrossRegionInferenceProfileRegion.GLOBAL ? invoking(stack, [systemProfile(bedrock, 'GLOBAL')]) : undefined),
  },
  {
    title: 'an application profile made of "us."',
    need: { actions: INVOKE, models: [HAIKU], profile: arn(`application-inference-profile/${APPLICATION_PROFILE_ID}`), regions: US_REGIONS },
    ours: stack => {
      const profile = new CfnApplicationInferenceProfile(stack, 'Profile', {
        inferenceProfileName: 'chat',
        modelSource: { copyFrom: arn(`inference-profile/us.${HAIKU}`) },
      });
      const profileArn = stack.formatArn({ service: 'bedrock', resource: 'application-inference-profile', resourceName: profile.attrInferenceProfileId });
      return new BedrockTaskRole(stack, 'Role', { allowedModels: [profileArn], inferenceProfiles: [{ profile: profileArn, model: `us.${HAIKU}` }] });
    },
    theirs: (stack, bedrock) => invoking(stack, [new bedrock.ApplicationInferenceProfile(stack, 'Profile', {
      applicationInferenceProfileName: 'chat',
      inferenceProfileName: 'chat',
      modelSource: systemProfile(bedrock, 'US'),
    })]),
  },
];

/** What the attributes of a deployed application inference profile become. */
export const DEPLOYED_ATTRIBUTES: Record<string, string> = {
  InferenceProfileArn: arn(`application-inference-profile/${APPLICATION_PROFILE_ID}`),
  InferenceProfileId: APPLICATION_PROFILE_ID,
};

function arn(resource: string): string {
  return `arn:aws:bedrock:${REGION}:${ACCOUNT}:${resource}`;
}

function model(bedrock: BedrockPackage, id: string) {
  return new bedrock.BedrockFoundationModel(id, { supportsCrossRegion: true });
}

function systemProfile(bedrock: BedrockPackage, geography: string) {
  return bedrock.CrossRegionInferenceProfile.fromConfig({
    geoRegion: bedrock.CrossRegionInferenceProfileRegion[geography],
    model: model(bedrock, HAIKU),
  });
}

function invoking(stack: Stack, invokables: { grantInvoke(role: IRole): unknown }[]): IRole {
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  invokables.forEach(invokable => invokable.grantInvoke(role));
  return role;
}
