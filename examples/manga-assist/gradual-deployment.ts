import { LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Function } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { PresenceGate, SyntheticRequests } from 'cdk-plumbline';

const ALIAS = 'live';

/** Properties of the `GradualDeployment`. */
export interface GradualDeploymentProps {
  /** The function whose new versions come gradually. */
  readonly fn: Function;
  /** Its service. */
  readonly serviceName: string;
  /** A body that the service takes: what the gate sends to a new version. */
  readonly body: object;
}

/** A tenth of the requests goes to a new version for five minutes, then all; one that has lost its metrics goes back. */
export class GradualDeployment extends Construct {
  /** What requests go to. */
  public readonly live: Alias;

  constructor(scope: Construct, id: string, { fn, serviceName, body }: GradualDeploymentProps) {
    super(scope, id);
    this.live = new Alias(this, 'Live', { aliasName: ALIAS, version: fn.currentVersion });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') });
    const gate = new PresenceGate(this, 'Gate', {
      serviceName,
      requests: SyntheticRequests.invoke(this.live, [{ requestContext: {}, headers: {}, body: JSON.stringify(body) }]),
      deploymentGroup: new LambdaDeploymentGroup(this, 'Group', {
        alias: this.live,
        deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
        // The CDK would add a managed policy, which opens every alias of the account.
        role: role.withoutPolicyUpdates(),
      }),
    });
    role.addToPolicy(new PolicyStatement({
      sid: 'ShiftTraffic',
      actions: ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
      resources: [fn.functionArn, `${fn.functionArn}:${ALIAS}`],
    }));
    role.addToPolicy(new PolicyStatement({ sid: 'AskGate', actions: ['lambda:InvokeFunction'], resources: [gate.function!.functionArn] }));
  }
}
