import { Stack, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Acknowledges the AwsSolutions findings on exactly these wildcard resources of a policy. */
export function acknowledgeWildcards(policy: IConstruct, resources: string[], reason: string): void {
  for (const resource of resources) {
    Validations.of(policy).acknowledge({ id: `AwsSolutions-IAM5[Resource::${findingText(policy, resource)}]`, reason });
  }
}

/** How cdk-nag writes a resource that may hold references. */
function findingText(scope: IConstruct, resource: string): string {
  return flatten(Stack.of(scope).resolve(resource));
}

function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[intrinsic, argument]] = Object.entries(value as Record<string, unknown>);
  switch (intrinsic) {
    case 'Fn::Join': {
      const [delimiter, parts] = argument as [string, unknown[]];
      return parts.map(flatten).join(delimiter);
    }
    case 'Fn::GetAtt': return `<${(argument as unknown[]).map(flatten).join('.')}>`;
    case 'Ref': return `<${String(argument)}>`;
    default: return JSON.stringify(value);
  }
}
