import { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** `PlumblineChecks` for `Standards`, loaded when synthesis asks for it: cdk-nag is most of what the library would cost otherwise. */
export class ChecksAtSynth implements IPolicyValidationPlugin {
  public readonly name = 'PlumblineChecks';
  private loaded?: IPolicyValidationPlugin;

  constructor(private readonly scope: IConstruct) {}

  public get ruleIds(): string[] | undefined {
    return this.checks().ruleIds;
  }

  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    return this.checks().validate(context);
  }

  private checks(): IPolicyValidationPlugin {
    if (!this.loaded) {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it with the file
      const { PlumblineChecks } = require('../governance/pack/plumbline-checks') as typeof import('../governance/pack/plumbline-checks');
      this.loaded = new PlumblineChecks(this.scope);
    }
    return this.loaded;
  }
}
