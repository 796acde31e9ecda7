import { EndpointPlan } from './endpoint-plan';
import { WatcherSettings } from './notebook-script';
import { ENDPOINT_SETTINGS } from '../contract/data';

const { kinds, faultAdvice } = ENDPOINT_SETTINGS.failures;

/** What to do, by the kind of the status. */
const ADVICE: Readonly<Record<string, string>> = {
  ready: 'It serves.',
  waiting: 'SageMaker works on it: new instances load the model for 10 to 30 minutes.',
  missing: 'It is not there: it was not made yet, or somebody deleted it, which CloudFormation does not notice. '
    + 'Make it again under this name from its configuration, or set deployWhenMissing.',
  unknown: 'Its status could not be read. The role of this notebook may read it, so look at the network: a way to the API of SageMaker.',
  refused: 'It is not there, and this notebook could not make it: the reason is of its call, not of the container. Where access is denied, '
    + 'look at the role of the notebook, and at the policy of the key that encrypts the disks of the endpoint.',
  fault: faultAdvice,
  ...Object.fromEntries(kinds.map(({ kind, advice }) => [kind, advice])),
};

/** What the watcher of a notebook is told of its endpoint. */
export function notebookSettings(
  plan: Pick<EndpointPlan, 'name' | 'kind'>, { idleMinutes, configName }: { idleMinutes: number; configName?: string },
): WatcherSettings {
  const failures = kinds.map(({ kind, marks }) => ({ kind, marks: [...marks] }));
  return { endpoint: plan.name, config: configName, idleMinutes, failures, advice: ADVICE, cells: [invocation(plan)] };
}

function invocation({ name, kind }: Pick<EndpointPlan, 'name' | 'kind'>): string {
  const component = kind === 'component' ? `, InferenceComponentName='${name}'` : '';
  const call = kind === 'asynchronous'
    ? ['answer = client.invoke_endpoint_async(', 'print(answer["OutputLocation"], answer["FailureLocation"])']
    : ['answer = client.invoke_endpoint(', 'print(answer["Body"].read().decode())'];
  return [
    'import json',
    'import boto3',
    '',
    '# The body is what the server of your model takes.',
    'body = json.dumps({"inputs": "What is a plumb line?"})',
    'client = boto3.client("sagemaker-runtime")',
    `${call[0]}EndpointName='${name}'${component}, ContentType='application/json', Body=body)`,
    call[1],
  ].join('\n');
}
