import { App } from 'aws-cdk-lib';
import { IncidentStack } from './incident-stack';

const app = new App();
new IncidentStack(app, 'Incidents');
app.synth();
