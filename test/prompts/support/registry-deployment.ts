import { runSimulation } from '@cloud-copilot/iam-simulate';
import { App } from 'aws-cdk-lib';
import { ACCOUNT, REGION } from './registry-app';

type Json = Record<string, unknown>;

interface Deployed {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly properties: Json;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
}

interface PolicyDocument {
  readonly Version: string;
  readonly Statement: Statement[];
}

/** What somebody asks of AWS. */
export interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly context?: Record<string, string | string[]>;
}

export const ADMINISTRATOR = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

const ARNS: Record<string, (name: string) => string> = {
  'AWS::S3::Bucket': name => `arn:aws:s3:::${name}`,
  'AWS::DynamoDB::Table': name => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`,
  'AWS::KMS::Key': name => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${name}`,
  'AWS::IAM::Role': name => `arn:aws:iam::${ACCOUNT}:role/${name}`,
  'AWS::Events::EventBus': name => `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${name}`,
};

/** An app as CloudFormation would deploy it, each resource named by its logical id; and what IAM says of requests then. */
export class RegistryDeployment {
  private readonly resources: readonly Deployed[];
  private readonly exports = new Map<string, unknown>();

  constructor(app: App) {
    const templates = app.synth({ skipValidation: true }).stacks
      .map(({ stackName, template }) => ({ stack: stackName, template: template as Json }));
    for (const { stack, template } of templates) {
      for (const output of Object.values((template.Outputs ?? {}) as Record<string, Json>)) {
        if (output.Export) this.exports.set((output.Export as { Name: string }).Name, { stack, value: output.Value });
      }
    }
    this.resources = templates.flatMap(({ stack, template }) => Object.entries(template.Resources as Record<string, Json>)
      .map(([id, { Type, Properties }]) => ({ stack, id, type: Type as string, properties: (Properties ?? {}) as Json })));
  }

  /** The ARN of the one resource of a type in a stack whose logical id begins so. */
  public arn(type: string, stack: string, begin: string): string {
    const found = this.resources.filter(resource => resource.type === type && resource.stack === stack && resource.id.startsWith(begin));
    if (found.length !== 1) throw new Error(`${found.length} resources ${type} begin with ${begin}`);
    return ARNS[type](nameOf(found[0]));
  }

  /** Whether a role may do something, by its own policies and those given, and by the policy of what it asks for. */
  public async allows(role: string, { action, resource, context }: Asked, more: PolicyDocument[] = []): Promise<boolean> {
    const policies = [...this.policiesOf(role), ...more].map(policy => forAction(policy, action))
      .filter(({ Statement }) => Statement.length > 0);
    // No resource policy of the app lets in a role by itself: that of a key says that the account's own policies decide.
    if (policies.length === 0) return false;
    const result = await runSimulation({
      request: {
        principal: role,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: {
          'aws:PrincipalArn': role, 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', ...withStandIns(context ?? {}),
        },
      },
      identityPolicies: policies.map((policy, index) => ({ name: `policy${index}`, policy: withStandIns(policy) })),
      resourcePolicy: this.policyOn(resource),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    }, {});
    if (result.resultType === 'error') return refusedAsImpossible(action, resource, result.errors);
    return result.overallResult === 'Allowed';
  }

  private policiesOf(role: string): PolicyDocument[] {
    const name = role.split('/').at(-1);
    return this.resources.filter(({ type }) => type === 'AWS::IAM::Policy').map(resource => this.resolved(resource) as {
      PolicyDocument: PolicyDocument; Roles: string[];
    }).filter(({ Roles }) => Roles.includes(name!)).map(({ PolicyDocument }) => PolicyDocument);
  }

  private policyOn(resource: string): unknown {
    const owner = this.resources.find(candidate => ARNS[candidate.type] && isPartOf(resource, ARNS[candidate.type](nameOf(candidate))));
    if (!owner) return resource.startsWith('arn:aws:kms:') ? OPEN_KEY : undefined;
    const properties = this.resolved(owner) as Json;
    switch (owner.type) {
      case 'AWS::KMS::Key': return properties.KeyPolicy;
      case 'AWS::DynamoDB::Table': return (properties.ResourcePolicy as { PolicyDocument: unknown } | undefined)?.PolicyDocument;
      case 'AWS::S3::Bucket': return this.resources.filter(({ type }) => type === 'AWS::S3::BucketPolicy')
        .map(policy => this.resolved(policy) as { Bucket: string; PolicyDocument: unknown })
        .find(({ Bucket }) => Bucket === nameOf(owner))?.PolicyDocument;
      default: return undefined;
    }
  }

  private resolved({ stack, properties }: Deployed): unknown {
    return this.value(stack, properties);
  }

  private value(stack: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map(item => this.value(stack, item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value as Json);
    const [key, argument] = entries[0] ?? [];
    if (entries.length !== 1) return Object.fromEntries(entries.map(([name, inner]) => [name, this.value(stack, inner)]));
    switch (key) {
      case 'Ref': return this.reference(stack, argument as string);
      case 'Fn::GetAtt': return this.attribute(stack, ...argument as [string, string]);
      case 'Fn::ImportValue': {
        const exported = this.exports.get(argument as string) as { stack: string; value: unknown };
        return this.value(exported.stack, exported.value);
      }
      case 'Fn::Join': {
        const [delimiter, parts] = argument as [string, unknown[]];
        return parts.map(part => this.value(stack, part)).join(delimiter);
      }
      default: return { [key!]: this.value(stack, argument) };
    }
  }

  private reference(stack: string, id: string): string {
    const pseudo: Record<string, string> = {
      'AWS::Partition': 'aws', 'AWS::Region': REGION, 'AWS::AccountId': ACCOUNT, 'AWS::URLSuffix': 'amazonaws.com',
    };
    return pseudo[id] ?? nameOf(this.of(stack, id));
  }

  private attribute(stack: string, id: string, attribute: string): string {
    const resource = this.of(stack, id);
    return attribute === 'Arn' && ARNS[resource.type] ? ARNS[resource.type](nameOf(resource)) : `${nameOf(resource)}.${attribute}`;
  }

  private of(stack: string, id: string): Deployed {
    return this.resources.find(resource => resource.stack === stack && resource.id === id)!;
  }
}

/**
 * The simulator drops context keys with a variable part, such as those of an encryption context. Keys that no policy of the app asks for
 * stand in for them, in policies and requests alike.
 */
const STAND_INS: Record<string, string> = {
  'kms:EncryptionContext:aws:s3:arn': 'aws:UserAgent',
  'kms:EncryptionContext:aws:dynamodb:tableName': 'aws:Referer',
};

function withStandIns<T>(value: T): T {
  const text = Object.entries(STAND_INS).reduce((so, [key, other]) => so.replaceAll(`"${key}"`, `"${other}"`), JSON.stringify(value));
  return JSON.parse(text) as T;
}

const OPEN_KEY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

/** Logical ids are unique in a stack only. */
function nameOf({ stack, id, type }: Deployed): string {
  const name = `${stack}-${id}`;
  return type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
}

/** An action on a resource of a type that it does not take is no request that AWS knows. */
function refusedAsImpossible(action: string, resource: string, errors: { message: string }): false {
  if (/resource|must.use.wildcard/i.test(errors.message)) return false;
  throw new Error(`${action} on ${resource}: ${JSON.stringify(errors)}`);
}

function isPartOf(resource: string, arn: string): boolean {
  return resource === arn || resource.startsWith(`${arn}/`);
}

/** Statements about other actions cannot decide, and take most of the simulator's time. */
function forAction({ Version, Statement }: PolicyDocument, action: string): PolicyDocument {
  const names = (pattern: string): boolean => pattern.includes('*') || pattern.toLowerCase() === action.toLowerCase();
  return { Version, Statement: Statement.filter(({ Action }) => [Action].flat().some(names)) };
}
