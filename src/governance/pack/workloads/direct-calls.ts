import { UNKNOWN } from '../../../contract/iam/patterns';
import { intrinsicOf, isRecord } from '../../../contract/template/template-values';
import { AppModel } from '../template/app-model';
import { TemplateResource } from '../template/template';

/** Services that call a model without a function between: by an integration of their own, an SDK integration, or plain HTTP. */
const CALLING_TYPES = [
  'AWS::StepFunctions::StateMachine',
  'AWS::Serverless::StateMachine',
  'AWS::Scheduler::Schedule',
  'AWS::Pipes::Pipe',
  'AWS::Events::ApiDestination',
  'AWS::AppSync::DataSource',
  'AWS::ApiGateway::Method',
  'AWS::ApiGatewayV2::Integration',
];

/** How a call shows: as `bedrock:invokeModel` and the like, or by a host or type that only models have. */
const CALLS: readonly RegExp[] = [
  /(?:states|scheduler):::(?:aws-sdk:)?(bedrock:(?:invokeModel\w*|createModelInvocationJob))/i,
  /(?:states|scheduler):::aws-sdk:((?:bedrockruntime|bedrockagentruntime|bedrockagentcore|sagemakerruntime):\w+)/i,
  /(?:https:\/\/|apigateway:[^:]*:)(bedrock-(?:agent-)?runtime|runtime\.sagemaker)(?:-fips)?[.:]/i,
  /^(AMAZON_BEDROCK_RUNTIME)$/,
];

/** The model calls that a resource makes by itself; undefined for a resource of a kind that makes none. */
export function directCalls(resource: TemplateResource, app: AppModel): string[] | undefined {
  if (!CALLING_TYPES.includes(resource.type)) return undefined;
  const found = textsWithin(resource.properties, resource, app).flatMap(callsIn);
  return [...new Set(found)];
}

function callsIn(text: string): string[] {
  return CALLS.flatMap(call => [...text.matchAll(new RegExp(call, 'gi'))].map(([, name]) => name));
}

/** Every text in a value, however deep. */
function textsWithin(value: unknown, resource: TemplateResource, app: AppModel): string[] {
  if (Array.isArray(value)) return value.flatMap(part => textsWithin(part, resource, app));
  if (!isRecord(value)) return app.texts(resource, value);
  if (!intrinsicOf(value)) return Object.values(value).flatMap(part => textsWithin(part, resource, app));
  const resolved = app.items(resource, value).filter(item => item !== UNKNOWN);
  return resolved.flatMap(item => textsWithin(item, resource, app));
}
