import * as fc from 'fast-check';
import { ActionRequests, actionsOf, bedrockPrefixes, everyPrefix, requestsOf } from './support/action-data';
import { combinations, policiesOf } from './support/combinations';
import { expectAsInTable, nearMisses } from './support/near-misses';
import { Combination, foundationModel, partitionOf, permitsOf } from './support/permits';
import { requestOf } from './support/permitted';
import { AccessRequest, PolicyJson } from './support/simulation';

const SEED = 20261122;
/** 20,000 in the nightly task. */
const COMBINATIONS = Number(process.env.PLUMBLINE_ROLE_COMBINATIONS ?? 2_000);
const SWEPT_OVER_BEDROCK = 200;
const SWEPT_OVER_EVERYTHING = 5;

/** AWS defines these actions without resources; only they may stand on "*". */
const WITHOUT_RESOURCES = [
  'bedrock:ListFoundationModels',
  'bedrock:InvokeInlineAgent',
  'bedrock:Rerank',
  'bedrock:RetrieveAndGenerate',
  'bedrock-mantle:CallWithBearerToken',
];
/** The last part of these ARNs is made up by AWS or by the caller after the policy was written. */
const OPEN_ENDED = [
  /^arn:[\w-]+:bedrock:[\w-]+:\d{12}:custom-model\/amazon\.nova-micro-v1:0:128k\/\*$/,
  /^arn:[\w-]+:bedrock:[\w-]+:\d{12}:model-customization-job\/amazon\.nova-micro-v1:0:128k\/\*$/,
  /^arn:[\w-]+:bedrock:[\w-]+:\d{12}:model-invocation-job\/\*$/,
  /^arn:[\w-]+:bedrock:[\w-]+:\d{12}:async-invoke\/\*$/,
  /^arn:[\w-]+:s3:::data\/(training|tuned|prompts|answers|videos)\/\*$/,
];

test(`${COMBINATIONS} combinations allow exactly what the table allows, and none of its near misses`, () => {
  let turn = 0;
  fc.assert(fc.property(combinations, combination => {
    const policies = policiesOf(combination);
    const permits = permitsOf(combination);
    for (const permit of permits) {
      const misses = nearMisses(permit, combination.region);
      turn += 1;
      expectAsInTable(policies, permits, requestOf(permit, permit.actions[turn % permit.actions.length]));
      expectAsInTable(policies, permits, misses[turn % misses.length]);
    }
    expect(wildcards(policies)).toEqual([]);
  }), { seed: SEED, numRuns: COMBINATIONS });
}, 60_000 + COMBINATIONS * 100);

test(`${SWEPT_OVER_BEDROCK} combinations allow nothing else of any Bedrock service`, async () => {
  const prefixes = await bedrockPrefixes();
  expect(prefixes).toEqual(expect.arrayContaining(['bedrock', 'bedrock-mantle', 'bedrock-agentcore']));
  const actions = await actionsOf(prefixes, 'aws', 'us-east-1');
  sweep(SWEPT_OVER_BEDROCK, (combination, run) => atHome(onOneResource(actions, run), combination));
}, 300_000);

test(`${SWEPT_OVER_EVERYTHING} combinations allow nothing else of all that IAM knows`, async () => {
  const actions = await actionsOf(await everyPrefix(), 'aws', 'us-east-1');
  expect(actions.length).toBeGreaterThan(15_000);
  sweep(SWEPT_OVER_EVERYTHING, (combination, run) => atHome(onOneResource(actions, run), combination));
}, 300_000);

function sweep(count: number, requests: (combination: Combination, run: number) => AccessRequest[]): void {
  let run = 0;
  fc.assert(fc.property(combinations, combination => {
    const policies = policiesOf(combination);
    const permits = permitsOf(combination);
    run += 1;
    for (const request of requests(combination, run)) expectAsInTable(policies, permits, request);
  }), { seed: SEED, numRuns: count });
}

/** Each action on a resource of one of its types; the runs take turns with the types. */
function onOneResource(actions: ActionRequests[], run: number): ActionRequests[] {
  return actions.map(({ action, resources }) => ({ action, resources: [resources[run % resources.length]] }));
}

/** Every action on its resources in the stack's own Region, and on a model. */
function atHome(actions: ActionRequests[], combination: Combination): AccessRequest[] {
  const { region } = combination;
  const local = actions.map(({ action, resources }) => ({
    action,
    resources: [
      ...resources.map(resource => resource.replace('arn:aws:', `arn:${partitionOf(region)}:`).replace(':us-east-1:', `:${region}:`)),
      foundationModel(region, 'anthropic.claude-3-haiku-20240307-v1:0'),
    ].filter((resource, _index, all) => !all.includes('*') || resource === '*'),
  }));
  return requestsOf(local);
}

/** The wildcards of the policies that are not listed above, as `action on resource`. */
function wildcards(policies: PolicyJson[]): string[] {
  const isListedResource = (action: string, resource: string) => (resource === '*'
    ? WITHOUT_RESOURCES.includes(action)
    : !/[*?]/.test(resource) || OPEN_ENDED.some(pattern => pattern.test(resource)));
  const isListed = (action: string, resource: string) => !/[*?]/.test(action) && isListedResource(action, resource);
  return policies
    .flatMap(({ Statement }) => Statement)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap(action =>
        [Resource]
          .flat()
          .filter(resource => !isListed(action, resource))
          .map(resource => `${action} on ${resource}`),
      ),
    );
}
