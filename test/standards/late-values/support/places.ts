import { NestedStack, Stack, Stage } from 'aws-cdk-lib';

export const ACCOUNT = '111122223333';
const VIRGINIA = { account: ACCOUNT, region: 'us-east-1' };

/** Where the construct stands, and where the things stand that it works with. */
export interface Place {
  readonly stack: Stack;
  readonly things: Stack;
  readonly isElsewhere?: 'in another Region' | 'imported';
}

export const PLACES: Record<string, (scope: Stage) => Place> = {
  'in one stack': scope => {
    const stack = new Stack(scope, 'Stack', { env: VIRGINIA });
    return { stack, things: stack };
  },
  'of another stack': scope => ({
    stack: new Stack(scope, 'Stack', { env: VIRGINIA }),
    things: new Stack(scope, 'Things', { env: VIRGINIA }),
  }),
  'of another stack, in any environment': scope => ({ stack: new Stack(scope, 'Stack'), things: new Stack(scope, 'Things') }),
  'of a nested stack': scope => {
    const stack = new Stack(scope, 'Stack', { env: VIRGINIA });
    return { stack, things: new NestedStack(stack, 'Things') };
  },
  'of the parent of its nested stack': scope => {
    const things = new Stack(scope, 'Things', { env: VIRGINIA });
    return { stack: new NestedStack(things, 'Stack'), things };
  },
  'of another nested stack': scope => {
    const parent = new Stack(scope, 'Parent', { env: VIRGINIA });
    return { stack: new NestedStack(parent, 'Stack'), things: new NestedStack(parent, 'Things') };
  },
  'of another stack of its stage': scope => {
    const stage = new Stage(scope, 'Prod', { env: VIRGINIA });
    return { stack: new Stack(stage, 'Stack'), things: new Stack(stage, 'Things') };
  },
  'of another Region': scope => ({
    stack: new Stack(scope, 'Stack', { env: VIRGINIA, crossRegionReferences: true }),
    things: new Stack(scope, 'Things', { env: { account: ACCOUNT, region: 'eu-west-1' }, crossRegionReferences: true }),
    isElsewhere: 'in another Region',
  }),
  'imported': scope => {
    const stack = new Stack(scope, 'Stack', { env: VIRGINIA });
    return { stack, things: stack, isElsewhere: 'imported' };
  },
};
