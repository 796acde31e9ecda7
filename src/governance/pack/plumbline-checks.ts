import { CfnResource, IPolicyValidationContext, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { NagMessageLevel, NagPack, NagPackProps } from 'cdk-nag';
import { IConstruct } from 'constructs';
import { CHECK_RULES } from './check-rules';
import { AppModel } from './template/app-model';

const NAME = 'PlumblineChecks';

/**
 * The rules of the standard, as a cdk-nag pack. `Standards` registers it; a finding stops the synthesis.
 *
 * A finding is acknowledged by its id, for example `PlumblineChecks-FunctionUsesRuntimeLayer`; one of `BedrockNoWildcard`
 * with what was found: `PlumblineChecks-BedrockNoWildcard[Action::bedrock:*]`.
 *
 * @example
 * Validations.of(app).addPlugins(new PlumblineChecks(app));
 */
export class PlumblineChecks extends NagPack {
  /** The name of the pack. */
  public readonly name = NAME;
  /** The ids of its rules. */
  public readonly ruleIds?: string[] = CHECK_RULES.map(rule => `${NAME}-${rule.name}`);
  private readonly scope?: IConstruct;
  private app?: AppModel;

  /** @param scope what is checked at synth; the whole app without one */
  constructor(scope?: IConstruct, props?: NagPackProps) {
    super(scope, props);
    this.packName = NAME;
    this.scope = scope;
  }

  /** Called at synth. The context always holds the whole app, also for a plugin of one stage. */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    return this.scope ? this.validateScope(this.scope) : super.validate(context);
  }

  /** Checks everything at or below `scope`; what it refers to is looked up in the whole app. */
  public validateScope(scope: IConstruct): PolicyValidationPluginReport {
    this.app = new AppModel(scope.node.root);
    try {
      return super.validateScope(scope);
    } finally {
      this.app = undefined;
    }
  }

  /** Applies every rule to a resource. */
  protected checkResource(node: CfnResource): void {
    const app = this.app ?? new AppModel(node.node.root);
    for (const { name, info, explanation, incident, check } of CHECK_RULES) {
      this.applyRule({
        ruleSuffixOverride: name,
        info: `${info} Prevents: ${incident}`,
        explanation,
        level: NagMessageLevel.ERROR,
        node,
        rule: resource => check(resource, app),
      });
    }
  }
}
