import { Duration } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DockerImageCode, DockerImageFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** Properties of the `CoverService`. */
export interface CoverServiceProps {
  /** What runs the model for it; until there is one, it calls Bedrock by itself. */
  readonly writer?: IFunction;
}

/** Draws covers: a container image, which Lambda gives no layers. */
export class CoverService extends Construct {
  constructor(scope: Construct, id: string, { writer }: CoverServiceProps) {
    super(scope, id);
    const images = Repository.fromRepositoryName(this, 'Images', 'bookshop/cover');
    const cover = new DockerImageFunction(this, 'Function', {
      code: DockerImageCode.fromEcr(images, { tagOrDigest: '1' }),
      timeout: Duration.minutes(2),
      memorySize: 1024,
      environment: writer && { WRITER: writer.functionName },
    });
    if (writer) writer.grantInvokeLatestVersion(cover);
    else cover.addToRolePolicy(new PolicyStatement({ actions: ['bedrock:InvokeModel*'], resources: ['*'] }));
  }
}
