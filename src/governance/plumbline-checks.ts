import { CfnResource } from 'aws-cdk-lib';
import { NagPack, NagPackProps } from 'cdk-nag';
import { IConstruct } from 'constructs';

/** The rules of the standard, as a cdk-nag pack. */
export class PlumblineChecks extends NagPack {
  public readonly name = 'PlumblineChecks';

  constructor(scope?: IConstruct, props?: NagPackProps) {
    super(scope, props);
    this.packName = 'PlumblineChecks';
  }

  protected checkResource(_node: CfnResource): void {
  }
}
