import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { BookshopPipeline } from './bookshop-pipeline';
import { stepOf } from './step';

/* `ADOPTION_STEP=WARNED,DONE` names the steps that are synthesised, each into a folder of CDK_OUTDIR when there are several. */
const { ADOPTION_STEP = 'DONE', CDK_OUTDIR = 'cdk.out' } = process.env;
const names = ADOPTION_STEP.split(',');

for (const name of names) {
  const app = new App(names.length > 1 ? { outdir: join(CDK_OUTDIR, name) } : {});
  new BookshopPipeline(app, 'BookshopPipeline', stepOf(name));
  app.synth();
}
