import { App, CfnResource, Duration, IPolicyValidationPlugin, PolicyViolation, Stage, Validations } from 'aws-cdk-lib';
import { CfnGuardrail, CfnGuardrailVersion } from 'aws-cdk-lib/aws-bedrock';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, rules } from 'cdk-nag';
import { IConstruct } from 'constructs';
import { ACCOUNT, Place, PLACES } from './support/places';
import {
  BedrockGrants, BedrockGuardrail, BedrockInvocationLogging, BedrockPermissions, BedrockTaskRole, FactoryBypassDetector, GenAiEndpoint,
  GenAiModel, HandlerKind, ImageGenerationPlatform, Inference, ModelNotebook, PromptRegistry, StandardLambda, StandardLambdaProps,
  StandardRestApi, Standards, StandardWebsite,
} from '../../../src';
import { sourcesOf } from '../../architecture/support/sources';

/** What looks at every template: the findings of these must be none on what is ours. */
const PACKS = { 'AwsSolutions': new AwsSolutionsChecks(), 'NIST 800-53 R5': new NIST80053R5Checks(), 'HIPAA': new HIPAASecurityChecks() };

const NOVA = 'amazon.nova-pro-v1:0';
const manyModels = Array.from({ length: 200 }, (_value, index) => `provider.a-model-with-a-long-name-${index}-v1:0`);

/** The stage of a case: its name is in each physical name, since all cases stand in one app. */
const stageOf = ({ stack }: Place) => stack.node.path.split('/')[0];

function applyStandards(place: Place): void {
  Standards.apply(place.stack, { product: stageOf(place), environment: 'dev', checks: false });
}

const lambda = new ServicePrincipal('lambda.amazonaws.com');

function roleIn({ things, isElsewhere }: Place, id: string): IRole {
  return isElsewhere === 'imported' ? Role.fromRoleName(things, id, id.toLowerCase()) : new Role(things, id, { assumedBy: lambda });
}

function bucketIn({ things, isElsewhere }: Place): IBucket {
  if (isElsewhere !== 'imported') return new Bucket(things, 'Data', { encryptionKey: new Key(things, 'Key') });
  return Bucket.fromBucketAttributes(things, 'Data', {
    bucketName: 'data', encryptionKey: Key.fromKeyArn(things, 'Key', `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`),
  });
}

function permissionsIn(place: Place): BedrockPermissions {
  const bucket = bucketIn(place);
  const jobs = roleIn(place, 'Jobs');
  const folder = (prefix: string) => ({ bucket, prefix });
  return {
    allowedModels: [NOVA, 'global.amazon.nova-2-lite-v1:0'],
    allowInlineAgents: true,
    allowFineTuning: true,
    fineTuning: {
      baseModels: ['amazon.nova-lite-v1:0:300k'], trainingData: folder('training'), output: folder('tuned'), customizationRole: jobs,
    },
    allowBatchInference: true,
    batchInference: { models: ['amazon.nova-lite-v1:0'], input: folder('prompts'), output: folder('answers'), serviceRole: jobs },
    allowAsyncInvoke: true,
    asyncInvoke: { models: ['amazon.nova-reel-v1:0'], output: folder('videos') },
    allowOpenAiEndpoint: true,
    openAiEndpoint: { allowBearerToken: true },
  };
}

/** A guardrail is of the Region of its calls. */
function guardrailIn(place: Place): BedrockGuardrail {
  const { stack, things, isElsewhere } = place;
  if (isElsewhere) return { guardrailArn: `arn:aws:bedrock:us-east-1:${ACCOUNT}:guardrail/gr1`, version: '1' };
  const made = new CfnGuardrail(things, 'Guardrail', { name: stageOf(place), blockedInputMessaging: 'no', blockedOutputsMessaging: 'no' });
  const version = new CfnGuardrailVersion(stack, 'Version', { guardrailIdentifier: made.attrGuardrailId });
  return { guardrailArn: made.attrGuardrailArn, version: version.attrVersion };
}

/** Subnets and log groups are of the Region of what uses them. */
function vpcIn({ stack, things, isElsewhere }: Place): Pick<ConstructorParameters<typeof GenAiEndpoint>[2], 'vpc' | 'securityGroups'> {
  if (!isElsewhere) {
    const made = new Vpc(things, 'Vpc', { maxAzs: 2 });
    return { vpc: made, securityGroups: [new SecurityGroup(things, 'Group', { vpc: made })] };
  }
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['a', 'b'],
    privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  });
  return { vpc, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')] };
}

/** Each construct that acknowledges a finding. What it makes stands under the ids that it returns. */
const CONSTRUCTS: Record<string, (place: Place) => IConstruct[]> = {
  'a BedrockTaskRole': place => [new BedrockTaskRole(place.stack, 'Task', permissionsIn(place))],
  'a BedrockTaskRole with managed policies': place =>
    [new BedrockTaskRole(place.stack, 'Task', { ...permissionsIn(place), allowedModels: manyModels })],
  'a BedrockTaskRole under a guardrail': place =>
    [new BedrockTaskRole(place.stack, 'Task', { allowedModels: [NOVA], guardrail: guardrailIn(place) })],
  'a BedrockTaskRole with managed policies under a guardrail': place =>
    [new BedrockTaskRole(place.stack, 'Task', { allowedModels: manyModels, guardrail: guardrailIn(place) })],
  'a grant to a role': place => {
    const role = new Role(place.stack, 'Own', { assumedBy: lambda });
    BedrockGrants.grantPermissions(role, permissionsIn(place));
    return [role];
  },
  'a grant to a role of the other place': place => {
    const role = roleIn(place, 'Other');
    BedrockGrants.grantPermissions(role, permissionsIn({ ...place, things: place.stack }));
    return [role];
  },
  'a grant with managed policies': place => {
    const role = new Role(place.stack, 'Own', { assumedBy: lambda });
    BedrockGrants.grantPermissions(role, { ...permissionsIn(place), allowedModels: manyModels });
    return [role];
  },
  'an endpoint in a VPC': place => [new GenAiEndpoint(place.stack, 'Falcon', {
    model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'), ...vpcIn(place),
  })],
  'a notebook': place => {
    const { vpc, securityGroups } = vpcIn(place);
    const endpoint = new GenAiEndpoint(place.stack, 'Falcon', {
      model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'),
    });
    return [new ModelNotebook(place.stack, 'Notebook', { endpoint, vpc, securityGroups })];
  },
  'an endpoint of a model of the hub': place => {
    applyStandards(place);
    return [new GenAiEndpoint(place.stack, 'Hub', {
      model: GenAiModel.jumpStart('huggingface-llm-anything', '1.2.*'), instanceType: 'ml.g5.2xlarge', ...vpcIn(place),
    })];
  },
  'a caller of an asynchronous endpoint': place => {
    // SageMaker reads and writes buckets of the same Region only.
    const bucket = place.isElsewhere === 'in another Region' ? new Bucket(place.stack, 'Data') : bucketIn(place);
    const endpoint = new GenAiEndpoint(place.stack, 'Falcon', {
      model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16'),
      inference: Inference.asynchronous({ output: { bucket, prefix: 'answers' }, input: { bucket, prefix: 'requests' } }),
    });
    const caller = new Role(place.stack, 'Caller', { assumedBy: lambda });
    endpoint.grantInvoke(caller);
    return [endpoint, caller];
  },
  'an API with a logging role': place => {
    const api = new StandardRestApi(place.stack, 'Api', { cloudWatchRole: true });
    api.root.addMethod('GET');
    return [api.node.findChild('CloudWatchRole')];
  },
  'a website that is told of a bucket': place => {
    new StandardWebsite(place.stack, 'Website', { configuration: { bucket: bucketIn(place).bucketName } });
    return place.stack.node.children.filter(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
  },
  'the worker of an image platform': place => {
    applyStandards(place);
    const { vpc } = vpcIn(place);
    const platform = new ImageGenerationPlatform(place.stack, 'Image', { vpc, cloudWatchRole: true });
    return [platform.node.findChild('Jobs').node.findChild('StorePictures')];
  },
  'a function': place => [functionIn(place, { role: roleIn(place, 'Runs'), tracing: Tracing.ACTIVE, ...vpcIn(place) })],
  'a durable function': place => [functionIn(place, {
    role: roleIn(place, 'Runs'), kind: HandlerKind.EVENT, durableConfig: { executionTimeout: Duration.hours(1) },
  })],
  'a function of the library': place => {
    applyStandards(place);
    // Bedrock writes its log to buckets of the same Region only.
    const s3 = place.isElsewhere === 'in another Region' ? {} : { bucket: bucketIn(place) };
    return [new BedrockInvocationLogging(place.stack, 'Log', { cloudWatch: {}, s3, formerRole: roleIn(place, 'Former') })];
  },
  'a search of a log group': place => {
    const service = functionIn(place, { role: new Role(place.stack, 'Runs', { assumedBy: lambda }) });
    return [new FactoryBypassDetector(place.stack, 'Bypass', { services: [service] })];
  },
  'a registry of prompts': place => {
    applyStandards(place);
    return [new PromptRegistry(place.stack, 'Prompts', { environments: ['dev', 'prod'], pipelineRoles: [roleIn(place, 'Pipeline')] })];
  },
  'a service that reads prompts': place => {
    applyStandards(place);
    const reader = new Role(place.stack, 'Reader', { assumedBy: lambda });
    const pipelineRoles = [roleIn(place, 'Pipeline')];
    const registry = new PromptRegistry(place.stack, 'Prompts', { environments: ['dev', 'prod'], pipelineRoles });
    registry.grantRead(reader, { prompts: ['greeting'] });
    return [registry, reader];
  },
};

function functionIn(place: Place, props: Partial<StandardLambdaProps>): StandardLambda {
  applyStandards(place);
  const logGroupName = `/${stageOf(place)}/chat`;
  const logGroup = place.isElsewhere
    ? LogGroup.fromLogGroupName(place.stack, 'Logs', logGroupName)
    : new LogGroup(place.things, 'Logs', { logGroupName });
  return new StandardLambda(place.stack, 'Chat', {
    serviceName: 'chat', code: Code.fromInline('exports.handler = () => undefined;'), handler: 'index.handler', logGroup, ...props,
  });
}

/** One construct in one place, in a stage of its own. */
interface Case {
  readonly construct: string;
  readonly ours: readonly IConstruct[];
}

/** All constructs in one place, after one synthesis, and all that the packs found there. */
function synthesised(place: string): { cases: readonly Case[]; found: ReadonlyMap<string, PolicyViolation[]> } {
  const app = new App();
  const cases = Object.entries(CONSTRUCTS).map(([construct, make], index): Case =>
    ({ construct, ours: make(PLACES[place](new Stage(app, `Case${index}`))) }));
  const found = new Map<string, PolicyViolation[]>();
  const recorder: IPolicyValidationPlugin = {
    name: 'Recorder',
    validate: context => {
      for (const [name, pack] of Object.entries(PACKS)) found.set(name, [...found.get(name) ?? [], ...pack.validate(context).violations]);
      return { success: true, violations: [] };
    },
  };
  Validations.of(app).addPlugins(recorder);
  app.synth();
  return { cases, found };
}

describe.each(Object.keys(PLACES))('what it works with %s', place => {
  let cases: readonly Case[];
  let found: ReadonlyMap<string, PolicyViolation[]>;
  beforeAll(() => { ({ cases, found } = synthesised(place)); }, 120_000);

  const oursOf = (construct: string) => cases.find(one => one.construct === construct)!.ours;

  /** The rules of a pack that found something on what is ours. */
  const rulesAgainst = (construct: string, pack: keyof typeof PACKS) => {
    const isOurs = (path: string) => oursOf(construct).some(({ node }) => path.startsWith(`${node.path}/`));
    return found.get(pack)!.filter(({ violatingResources }) => violatingResources.some(({ constructPath }) => isOurs(constructPath!)))
      .map(({ ruleName }) => ruleName);
  };

  test('the packs have looked at every case', () => {
    for (const pack of Object.keys(PACKS)) expect(found.get(pack)).not.toEqual([]);
  });

  test.each(Object.keys(CONSTRUCTS))('AwsSolutions finds nothing at synth: %s', construct => {
    expect(rulesAgainst(construct, 'AwsSolutions')).toEqual([]);
  });

  test.each(Object.keys(CONSTRUCTS).filter(construct => /BedrockTaskRole|grant/.test(construct)))(
    'NIST 800-53 R5 and HIPAA find nothing in policies at synth: %s', construct => {
      expect([...rulesAgainst(construct, 'NIST 800-53 R5'), ...rulesAgainst(construct, 'HIPAA')]).toEqual([]);
    });

  test.each(Object.keys(CONSTRUCTS))('nothing is acknowledged that no statement holds: %s', construct => {
    for (const policy of oursOf(construct).flatMap(({ node }) => node.findAll()).filter(CfnResource.isCfnResource)) {
      const stated = [rules.iam.IAMNoWildcardPermissions(policy)].flat().map(finding => `AwsSolutions-IAM5[${finding}]`);
      expect(wildcardsAcknowledgedAt(policy).filter(id => !stated.includes(id))).toEqual([]);
    }
  });
});

test('every file that acknowledges what is known late is tried here', () => {
  const acknowledging = [...sourcesOf(['src'], /\.ts$/)].filter(([, text]) => /acknowledge(Wildcards|Late)\(/.test(text));
  expect(acknowledging.map(([path]) => path).sort()).toEqual([
    'src/api/logging-account.ts',
    'src/api/website-findings.ts',
    'src/bedrock/role/acknowledged-findings.ts',
    'src/function/execution-permissions.ts',
    'src/function/library-function.ts',
    'src/operations/factory-bypass-detector.ts',
    'src/platforms/image-jobs.ts',
    'src/prompts/prompt-readers.ts',
    'src/prompts/publishing.ts',
    'src/sagemaker/endpoint-grants.ts',
    'src/sagemaker/execution-role.ts',
    'src/sagemaker/hub-model.ts',
    'src/sagemaker/instance-type.ts',
    'src/sagemaker/notebook-role.ts',
    'src/standards/late-values/acknowledge-late.ts',
    'src/standards/late-values/acknowledge-wildcards.ts',
  ]);
});

/** At a resource, or at the construct that stands for it alone. */
function wildcardsAcknowledgedAt(resource: CfnResource): string[] {
  const scopes = [resource, ...(resource.node.id === 'Resource' ? [resource.node.scope!] : [])];
  return scopes.flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.keys(data as object))
    .map(id => id.replace(/^annotation::/i, ''))
    .filter(id => id.startsWith('AwsSolutions-IAM5'));
}
