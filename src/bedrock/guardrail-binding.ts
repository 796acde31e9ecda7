import { Token } from 'aws-cdk-lib';
import { BedrockGuardrail } from './bedrock-guardrail';
import { Reject } from './model-checks';
import { GrantConditions, PolicyGrant } from './policy-grant';
import { BEDROCK_ROLE } from '../standards/contract';

const GUARDRAIL_ARN = /^arn:[^:]+:bedrock:[^:]+:[^:]+:guardrail\/[^:/*?]+$/;

/** Rejects what is no guardrail, or no version of one. */
export function checkGuardrail({ guardrailArn, version }: BedrockGuardrail, reject: Reject): void {
  const isKnown = !Token.isUnresolved(guardrailArn) || guardrailArn.startsWith('arn:');
  if (isKnown && !GUARDRAIL_ARN.test(guardrailArn)) {
    reject('guardrail has no guardrail\'s ARN', guardrailArn, 'arn:<partition>:bedrock:<region>:<account>:guardrail/<id>', 'give guardrail.attrGuardrailArn of the CfnGuardrail');
  }
  if (!Token.isUnresolved(version) && !/^[1-9][0-9]{0,7}$/.test(version)) {
    reject('guardrail has no version that stays as it is', version, 'a number from 1', 'publish a version, and give guardrailVersion.attrVersion of the CfnGuardrailVersion');
  }
}

/** What binds an invocation to the guardrail. */
export function guardrailConditions({ guardrailArn, version }: BedrockGuardrail): GrantConditions {
  return { StringEquals: { 'bedrock:GuardrailIdentifier': `${guardrailArn}:${version}` } };
}

export function guardrailGrant({ guardrailArn }: BedrockGuardrail): PolicyGrant {
  return { ...BEDROCK_ROLE.statements.guardrail, resources: [guardrailArn] };
}
