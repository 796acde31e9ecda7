import { ActionRequests, actionsOf } from './support/action-data';
import bedrockRole from '../../contract/bedrock-role.json';

/** Read and write of data, and passing a role, are those services' own. */
const SERVICES = ['bedrock', 'bedrock-mantle', 'sagemaker', 's3', 'kms', 'iam'];

const statements = Object.entries(bedrockRole.statements);

let all: ActionRequests[];
beforeAll(async () => { all = await actionsOf(SERVICES, 'aws', 'us-east-1'); });

test.each(statements)('%s: AWS knows every action', (_name, { actions }) => {
  const known = all.map(({ action }) => action);
  expect(actions.filter(action => !known.includes(action))).toEqual([]);
});

test('only these actions have no resources, so that "*" is all that they can be granted on', () => {
  const granted = new Set(statements.flatMap(([, { actions }]) => actions));
  expect(all.filter(({ action, resources }) => granted.has(action) && resources.includes('*')).map(({ action }) => action).sort())
    .toEqual(['bedrock-mantle:CallWithBearerToken', 'bedrock:InvokeInlineAgent', 'bedrock:ListFoundationModels', 'bedrock:Rerank',
      'bedrock:RetrieveAndGenerate']);
});

test('sids are unique', () => {
  const sids = statements.map(([, { sid }]) => sid);
  expect(sids).toEqual([...new Set(sids)]);
});
