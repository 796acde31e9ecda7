import { CfnResource, IPolicyValidationContext, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { NagPack, NagPackProps } from 'cdk-nag';
import { IConstruct } from 'constructs';
import { CHECK_RULES } from './check-rules';
import { Acknowledgements } from './constructs/acknowledgements';
import { withLevels } from './constructs/check-levels';
import { ConstructTemplates, constructTemplates, writtenTemplates } from './constructs/construct-templates';
import { ConstructFinding, Levels, switchedOffViolations, violationsOf } from './constructs/violations';
import { findingsIn } from './findings';
import { AppModel } from './template/app-model';

const NAME = 'PlumblineChecks';

/**
 * The rules of the standard, as a cdk-nag pack. `Standards` registers it; a finding stops the synthesis, a warning does not.
 *
 * A finding is acknowledged by its id, for example `PlumblineChecks-FunctionUsesRuntimeLayer`; one of `BedrockNoWildcard`
 * with what was found: `PlumblineChecks-BedrockNoWildcard[Action::bedrock:*]`. An acknowledgement that matches nothing is a warning.
 *
 * @example
 * Validations.of(app).addPlugins(new PlumblineChecks(app));
 */
export class PlumblineChecks extends NagPack {
  /**
   * The pack as `Standards` register it: the nearest standards above a construct say what its findings do.
   *
   * @internal
   */
  public static _ofStandards(scope: IConstruct): PlumblineChecks {
    const checks = new PlumblineChecks(scope);
    checks.levels = withLevels;
    return checks;
  }

  /** The name of the pack. */
  public readonly name = NAME;
  /** The ids of its rules. */
  public readonly ruleIds?: string[] = CHECK_RULES.map(rule => `${NAME}-${rule.name}`);
  private readonly scope?: IConstruct;
  private readonly isVerbose: boolean;
  private levels?: Levels;

  /** @param scope what is checked at synth; the whole app without one */
  constructor(scope?: IConstruct, props?: NagPackProps) {
    super(scope, props);
    this.packName = NAME;
    this.scope = scope;
    this.isVerbose = props?.verbose ?? false;
  }

  /** Called at synth. The context always holds the whole app, also for a plugin of one stage. */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const report = this.report(this.scope ?? context.appConstruct, writtenTemplates(context.appConstruct));
    return { ...report, violations: [...report.violations, ...switchedOffViolations(context.appConstruct)] };
  }

  /** Checks everything at or below `scope`; what it refers to is looked up in the whole app. */
  public validateScope(scope: IConstruct): PolicyValidationPluginReport {
    return this.report(scope, constructTemplates(scope.node.root));
  }

  /** Not called: the rules look at the templates of the whole app at once. */
  protected checkResource(_node: CfnResource): void {
  }

  private report(scope: IConstruct, { templates, stackOf, constructOf }: ConstructTemplates): PolicyValidationPluginReport {
    const resources = templates
      .filter(template => isWithin(stackOf(template), scope) || isWithin(scope, stackOf(template)))
      .flatMap(template => template.resources);
    const found = findingsIn(resources, new AppModel(templates)).map(({ rule, what, resource, ...finding }): ConstructFinding => {
      const id = `${NAME}-${rule.name}${what === undefined ? '' : `[${what}]`}`;
      return { ...finding, id, rule, construct: constructOf(resource), template: resource.template.name, resource: resource.id };
    });
    const inScope = found.filter(({ construct }) => isWithin(construct, scope));
    return violationsOf(inScope, new Acknowledgements(scope, NAME, this.ruleIds!), this.isVerbose, this.levels);
  }
}

const isWithin = (construct: IConstruct, scope: IConstruct): boolean => construct.node.scopes.includes(scope);
