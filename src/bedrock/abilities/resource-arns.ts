import { Token } from 'aws-cdk-lib';
import { AbilityContext } from './ability';

/** ARNs of one kind of Bedrock resource, as a flag names them. */
export interface NamedResources {
  /** The prop that names them. */
  readonly prop: string;
  /** The last part of their ARNs: a regular expression, and how it is told. */
  readonly form: RegExp;
  readonly shown: string;
}

/** Refuses an empty list, ARNs of another kind, and wildcards. What is known only at deployment passes where it begins as an ARN does. */
export function requireArns(arns: readonly string[], { prop, form, shown }: NamedResources, { fault }: AbilityContext): void {
  const allowed = `ARNs arn:<partition>:bedrock:<region>:<account>:${shown}, at least one, no wildcard`;
  const fix = 'copy the ARN, or give the attribute of its construct';
  if (arns.length === 0) throw fault({ problem: `${prop} names none`, given: arns, allowed, fix });
  const wrong = arns.find(arn => !isNamed(arn, form));
  if (wrong !== undefined) throw fault({ problem: `${prop} holds another ARN`, given: wrong, allowed, fix });
}

function isNamed(arn: string, form: RegExp): boolean {
  const [, partition, service, region, account, ...resource] = arn.split(':');
  if (Token.isUnresolved(arn) && !arn.startsWith('arn:')) return true;
  const isKnown = (text: string, wanted: RegExp): boolean => Token.isUnresolved(text) || wanted.test(text);
  return service === 'bedrock' && isKnown(partition, /^aws[a-z-]*$/) && isKnown(region, /^[a-z0-9-]+$/)
    && isKnown(account, /^\d{12}$/) && isKnown(resource.join(':'), form);
}
