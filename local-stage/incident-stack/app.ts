import { App } from 'aws-cdk-lib';
import { IncidentStack } from './incident-stack';

const app = new App();
// The demo says where its Bedrock is; without it the stack still synthesises.
new IncidentStack(app, 'Incidents', { bedrockUrl: process.env.LOCAL_STAGE_BEDROCK ?? 'http://127.0.0.1:4567' });
app.synth();
