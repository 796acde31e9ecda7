import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { MangaAssistStack } from './manga-assist-stack';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
new MangaAssistStack(app, 'MangaAssist', { environment: 'prod' });
app.synth();
