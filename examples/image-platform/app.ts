import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ImagePlatformStack } from './image-platform-stack';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
new ImagePlatformStack(app, 'ImagePlatform');
app.synth();
