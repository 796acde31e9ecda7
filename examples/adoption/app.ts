import { App } from 'aws-cdk-lib';
import { BookshopPipeline } from './bookshop-pipeline';
import { stepOf } from './step';

const app = new App();
new BookshopPipeline(app, 'BookshopPipeline', stepOf(process.env.ADOPTION_STEP));
app.synth();
