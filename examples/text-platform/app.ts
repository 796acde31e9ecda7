import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { TextPlatformStack } from './text-platform-stack';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
new TextPlatformStack(app, 'TextPlatform');
app.synth();
