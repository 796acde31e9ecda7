import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Serving } from './serving';

/** What is known of an endpoint before it is there, for what does not wait for it. */
export interface EndpointPlan {
  /** Its name as it stands in the template; of its inference component too. */
  readonly name: string;
  readonly kind: Serving['kind'];
  /** Of its configuration, which is there before it. */
  readonly configName: string;
  readonly vpc?: IVpc;
}
