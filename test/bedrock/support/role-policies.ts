import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { PolicyJson } from './simulation';

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** Every IAM resource of the role's stack. */
export function roleResources(role: IRole): Record<string, Resource> {
  const resources: Record<string, Resource> = Template.fromStack(Stack.of(role)).toJSON().Resources ?? {};
  return Object.fromEntries(Object.entries(resources).filter(([, { Type }]) => Type.startsWith('AWS::IAM::')));
}

/** Every policy document that applies to the roles of the stack: inline, attached and managed. */
export function rolePolicies(role: IRole): PolicyJson[] {
  return Object.values(roleResources(role)).flatMap(({ Type, Properties }) => {
    if (Type === 'AWS::IAM::Role') {
      return ((Properties.Policies ?? []) as { PolicyDocument: PolicyJson }[]).map(({ PolicyDocument }) => PolicyDocument);
    }
    return [Properties.PolicyDocument as PolicyJson];
  });
}
