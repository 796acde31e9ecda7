import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Serving } from './serving';

/** What is known of an endpoint before it is there, for what does not wait for it. */
export interface EndpointPlan {
  /** Its name as it stands in the template; of its inference component too. */
  readonly name: string;
  readonly kind: Serving['kind'];
  /** Of its configuration, which is there before it. */
  readonly configName: string;
  readonly vpc?: IVpc;
  /** Of its configuration: whoever makes the endpoint lets its disks use it. */
  readonly encryptionKey?: IKey;
}
