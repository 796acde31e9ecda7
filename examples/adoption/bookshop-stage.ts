import { Stage, StageProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { SearchStack } from './search-stack';
import { ShopStack } from './shop-stack';
import { Step } from './step';
import { Checks, Standards } from 'cdk-plumbline';

const REGION_OF_SEARCH = 'us-west-2';

/** Properties of the `BookshopStage`. */
export interface BookshopStageProps extends StageProps {
  /** How far the shop has come. */
  readonly step: Step;
}

/** The shop in one environment: what sells in one Region, its search in another. */
export class BookshopStage extends Stage {
  constructor(scope: Construct, id: string, { step, ...props }: BookshopStageProps) {
    super(scope, id, props);
    if (step >= Step.STANDARDS) Standards.apply(this, { product: 'Bookshop', environment: id, checks: checksAt(step) });
    const shop = new ShopStack(this, 'Shop', { step, crossRegionReferences: true });
    const env = { account: this.account, region: REGION_OF_SEARCH };
    new SearchStack(this, 'Search', { step, titles: shop.titles, crossRegionReferences: true, env });
  }
}

function checksAt(step: Step): Checks {
  if (step === Step.STANDARDS) return Checks.OFF;
  return step < Step.DONE ? Checks.WARN : Checks.ERROR;
}
