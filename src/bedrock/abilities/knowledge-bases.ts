import { AbilityContext } from './ability';
import { requireArns } from './resource-arns';
import { BEDROCK_ROLE } from '../../contract/data';
import { PolicyGrant } from '../models/policy-grant';

/**
 * The knowledge bases that a role may ask.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/knowledge-base-prereq-permissions-general.html
 */
export interface BedrockKnowledgeBases {
  /** The knowledge bases, by ARN: `attrKnowledgeBaseArn` of a `CfnKnowledgeBase`. */
  readonly knowledgeBaseArns: string[];

  /**
   * Whether answers may be generated from what was found (`RetrieveAndGenerate`, with and without a stream). The models that write
   * them are those of `allowedModels`: AWS defines the action itself without resources.
   *
   * @default false
   */
  readonly allowGenerate?: boolean;
}

const { retrieve, retrieveAndGenerate } = BEDROCK_ROLE.statements;
const RESOURCES = { prop: 'knowledgeBaseArns', form: /^knowledge-base\/[0-9A-Za-z]{10}$/, shown: 'knowledge-base/<id>' };

export function requireKnowledgeBases({ knowledgeBaseArns }: BedrockKnowledgeBases, context: AbilityContext): void {
  requireArns(knowledgeBaseArns, RESOURCES, context);
}

/** Retrieving from exactly these. Generating asks for Retrieve too, so no other knowledge base is opened by it. */
export function knowledgeBaseGrants({ knowledgeBaseArns, allowGenerate }: BedrockKnowledgeBases): PolicyGrant[] {
  return [
    { ...retrieve, resources: knowledgeBaseArns },
    ...allowGenerate ? [{ ...retrieveAndGenerate, resources: ['*'] }] : [],
  ];
}
