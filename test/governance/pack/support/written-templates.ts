import { WAYS_TO_WRITE_A_POLICY } from './written-policies';
import { WAYS_TO_WRITE_A_TEXT } from './written-texts';
import { TemplateFile } from '../../../../src/governance/pack/template/template';

export const MODEL = 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0';
const INVOKE = 'bedrock:InvokeModel';

type Statement = (written: unknown) => object;

/** An app of one or more templates. */
export interface TemplateCase {
  readonly name: string;
  readonly files: TemplateFile[];
}

export const allow = (statement: object): object => ({ Effect: 'Allow', ...statement });
const ofAction: Statement = Action => allow({ Action, Resource: MODEL });
const ofResource: Statement = Resource => allow({ Action: INVOKE, Resource });

/** What drifts, and its sound neighbour. */
const KINDS: readonly { readonly kind: string; readonly statement: Statement; readonly drifted: string; readonly clean: string }[] = [
  { kind: 'every action', statement: ofAction, drifted: 'bedrock:*', clean: INVOKE },
  { kind: 'a part of an action', statement: ofAction, drifted: 'Bedrock:Invoke*', clean: 'bedrock:InvokeModelWithResponseStream' },
  { kind: 'every model', statement: ofResource, drifted: 'arn:aws:bedrock:us-east-1::foundation-model/*', clean: MODEL },
  { kind: 'every Region', statement: ofResource, drifted: 'arn:aws:bedrock:*::foundation-model/amazon.nova-pro-v1:0', clean: MODEL },
];

/** Each way to write a text in each way to write a policy, with the kinds taken in turn. */
export function templates(state: 'drifted' | 'clean'): TemplateCase[] {
  const pairs = Object.entries(WAYS_TO_WRITE_A_POLICY)
    .flatMap(([policyName, policy]) => Object.entries(WAYS_TO_WRITE_A_TEXT)
      .map(([textName, write]) => ({ policyName, policy, textName, write })));
  return pairs.flatMap(({ policyName, policy, textName, write }, index) => {
    const { kind, statement, ...texts } = KINDS[index % KINDS.length];
    const { value, sections = {}, others = [], nestedIn, isList } = write(texts[state]);
    if (policy.isText && isList) return [];
    const content = { ...sections, Resources: { ...sections.Resources, Policy: policy.resource(statement(value)) } };
    return [{ name: `${kind}, by ${textName}, in ${policyName}`, files: [...others, { name: 'main', content, nestedIn }] }];
  });
}
