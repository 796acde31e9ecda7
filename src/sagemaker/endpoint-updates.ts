import { Lazy } from 'aws-cdk-lib';
import { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnEndpoint, CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { EndpointDeployment } from './endpoint-deployment';
import { ENDPOINT_SETTINGS } from '../contract/data';
import { teachingError } from '../standards/teaching-error';
import { warnAtSynth } from '../standards/warnings';

/** How updates come, with the alarms that take them back. Alarms may be added until the template is made. */
export class EndpointUpdates {
  private readonly alarms: IAlarm[] = [];

  constructor(private readonly scope: Construct, private readonly deployment: EndpointDeployment | undefined) {
    if (!deployment) return;
    warnAtSynth(scope, () => [this.alarms.length > 0 ? undefined : {
      id: 'deploymentWithoutRollback',
      message: 'Nothing takes back an update of the endpoint: its deployment watches the new instances, and has no alarm to watch them by. '
        + 'Add one: endpoint.addRollbackAlarm(alarm).',
    }]);
  }

  public add(alarm: IAlarm): void {
    if (this.alarms.includes(alarm)) return;
    const { maxAlarms } = ENDPOINT_SETTINGS.deployment;
    if (this.alarms.length >= maxAlarms) {
      throw teachingError(this.scope, {
        problem: 'SageMaker watches no more alarms during an update',
        given: this.alarms.length + 1,
        allowed: `at most ${maxAlarms}`,
        fix: 'put several alarms into a composite alarm, and add that',
      });
    }
    this.alarms.push(alarm);
  }

  /** For an endpoint that hosts its model itself. */
  public ofEndpoint(): CfnEndpoint.DeploymentConfigProperty {
    const updates = this.deployment?._bind(this.scope);
    return Lazy.any({
      produce: () => this.withAlarms(updates, () => EndpointDeployment.allAtOnce()._bind(this.scope)),
    }) as CfnEndpoint.DeploymentConfigProperty;
  }

  /** For an inference component. */
  public ofComponent(): CfnInferenceComponent.InferenceComponentDeploymentConfigProperty {
    const updates = this.deployment?._bindComponent(this.scope);
    return Lazy.any({
      produce: () => this.withAlarms(updates, () => EndpointDeployment.rolling()._bindComponent(this.scope)),
    }) as CfnInferenceComponent.InferenceComponentDeploymentConfigProperty;
  }

  private withAlarms<Config extends object>(config: Config | undefined, standard: () => Config): object | undefined {
    if (this.alarms.length === 0) return config;
    const alarms = this.alarms.map(({ alarmName }) => ({ alarmName }));
    return { ...config ?? standard(), autoRollbackConfiguration: { alarms } };
  }
}
