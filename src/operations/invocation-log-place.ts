import { IResource, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { teachingError } from '../standards/teaching-error';

/** Bedrock writes its log to places of the same account and Region only. What is known at deployment only, Bedrock itself refuses. */
export function requireSamePlace<T extends IResource>(scope: Construct, what: string, resource: T): T {
  const { account, region } = Stack.of(scope);
  const isOther = (one: string, other: string): boolean => !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;
  if (!isOther(resource.env.account, account) && !isOther(resource.env.region, region)) return resource;
  throw teachingError(scope, {
    problem: `Bedrock writes the invocation log to the account and Region of the invocations only, and this ${what} is in another`,
    given: { account: resource.env.account, region: resource.env.region },
    allowed: `a ${what} of the account and Region of the stack`,
    fix: `give such a ${what}, or none: the construct then makes one`,
  });
}
