import { Stack } from 'aws-cdk-lib';
import { CfnEnforcedGuardrailConfiguration } from 'aws-cdk-lib/aws-bedrock';
import { Construct } from 'constructs';
import { isFoundationModelId } from '../../contract/model-reference';
import { comparable } from '../../standards/late-values/early-values';
import { mark, tryMark } from '../../standards/marks';
import { Standards } from '../../standards/standards';
import { TeachingErrors, teachingErrors, teachingMessage } from '../../standards/teaching-error';
import { warnAtSynth } from '../../standards/warnings';
import { requireGuardrailArn, requireGuardrailVersion } from '../abilities/guardrail';

/** How much of a request the enforced guardrail looks at. */
export enum GuardedContent {
  /** All of it. */
  COMPREHENSIVE = 'COMPREHENSIVE',
  /** What the caller has put into guard content blocks; all of it where there are none. */
  SELECTIVE = 'SELECTIVE',
}

/** Properties of an `EnforcedGuardrail`. */
export interface EnforcedGuardrailProps {
  /** The guardrail's ARN, without a version. */
  readonly guardrailArn: string;

  /** The guardrail's version: a number. The draft is none. */
  readonly version: string;

  /**
   * The only models whose invocations stand under it, by foundation-model id.
   *
   * @default - every model
   */
  readonly models?: string[];

  /**
   * The models whose invocations do not stand under it, by foundation-model id: they win over `models`. Models that take no
   * guardrail, such as those of embeddings, belong here.
   *
   * @default - none
   */
  readonly excludedModels?: string[];

  /**
   * How much of system prompts it looks at.
   *
   * @default - as AWS does without it
   */
  readonly systemPrompts?: GuardedContent;

  /**
   * How much of the users' messages it looks at.
   *
   * @default - as AWS does without it
   */
  readonly messages?: GuardedContent;
}

const MARK = 'EnforcedGuardrail';
const ALL = 'ALL';

/**
 * Puts every invocation of the account, in the stack's Region, under a guardrail, whoever makes it. One an account and Region.
 *
 * Bedrock refuses callers that may not apply the guardrail, so name it in `Standards.enforcedGuardrails` of every app first: the roles of
 * the library may apply it then. Roles of others need `bedrock:ApplyGuardrail` on it.
 *
 * Errors: what is no guardrail's ARN, no published version, or no foundation-model id; at synth, a second one in the account and Region.
 * The warning `cdk-plumbline:enforcedGuardrail`: the standards above do not name it.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-enforcements.html
 */
export class EnforcedGuardrail extends Construct {
  /** The id of the configuration. */
  public readonly configurationId: string;

  constructor(scope: Construct, id: string, props: EnforcedGuardrailProps) {
    super(scope, id);
    mark(this, MARK, true);
    const fault = teachingErrors(this, 'EnforcedGuardrail');
    const { guardrailArn, version, models, excludedModels, systemPrompts, messages } = props;
    requireGuardrailArn('guardrailArn', guardrailArn, fault);
    requireGuardrailVersion('version', version, fault);
    requireModelIds('models', models, fault);
    requireModelIds('excludedModels', excludedModels, fault);
    const configuration = new CfnEnforcedGuardrailConfiguration(this, 'Resource', {
      guardrailIdentifier: guardrailArn,
      guardrailVersion: version,
      ...(models || excludedModels) && { modelEnforcement: { includedModels: models ?? [ALL], excludedModels: excludedModels ?? [] } },
      ...(systemPrompts || messages) && { selectiveContentGuarding: { system: systemPrompts, messages } },
    });
    this.configurationId = configuration.attrConfigId;
    this.node.addValidation({ validate: () => this.findSecond() });
    warnAtSynth(this, () => [this.isNamed(guardrailArn) ? undefined : {
      id: 'enforcedGuardrail',
      message: 'The guardrail will be enforced on every invocation of the account, and Standards.enforcedGuardrails does not name it: ' +
        'the roles below these standards may not apply it, and Bedrock would refuse them.',
    }]);
  }

  private isNamed(guardrailArn: string): boolean {
    const own = comparable(this, guardrailArn);
    return (Standards.tryOf(this)?.enforcedGuardrails ?? []).some(named => comparable(this, named.guardrailArn) === own);
  }

  /** Each of two would overwrite the other. */
  private findSecond(): string[] {
    const { account, region } = Stack.of(this);
    const same = this.node.root.node.findAll().filter(other => tryMark(other, MARK) && other !== this)
      .filter(other => Stack.of(other).account === account && Stack.of(other).region === region);
    return same.length === 0 ? [] : [teachingMessage(this, {
      problem: 'A second EnforcedGuardrail in one account and Region',
      given: same.map(other => other.node.path),
      allowed: 'one an account and Region',
      fix: 'keep one of them, or deploy them to different accounts or Regions, each in a stack with its env',
    })];
  }
}

function requireModelIds(prop: string, ids: readonly string[] | undefined, fault: TeachingErrors): void {
  const wrong = ids?.length === 0 ? 'nothing' : ids?.find(id => !isFoundationModelId(id));
  if (wrong === undefined) return;
  throw fault({
    problem: `${prop} of an enforced guardrail holds something else than foundation models`,
    given: ids,
    allowed: `foundation-model ids, at least one; without ${prop}, ${prop === 'models' ? 'every model' : 'none'}`,
    fix: 'name each by its id, for example "amazon.nova-lite-v1:0"; an inference profile by the model that it routes to',
  });
}
