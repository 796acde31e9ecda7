import { Stack, Stage, Token } from 'aws-cdk-lib';

/** Where a stack is deployed to, as texts that are equal for two stacks of one account or Region. */
export interface DeployedPlace {
  readonly account: string;
  readonly region: string;
}

/**
 * The place of a stack. Stacks without an account or a Region get those of the deployment: the same for all of their stage,
 * which goes as a whole, and perhaps others for another stage.
 */
export function placeOf(stack: Stack): DeployedPlace {
  const known = (accountOrRegion: string): string =>
    Token.isUnresolved(accountOrRegion) ? `wherever ${Stage.of(stack)?.node.path} goes` : accountOrRegion;
  return { account: known(stack.account), region: known(stack.region) };
}
