import { askCloudFront, ViewerAnswer } from './cloud-front';
import { DeployedStack } from '../deployed';
import { EmulatorClient } from '../emulator/emulator-client';
import { ModelBehaviour, SageMakerStandIn } from '../emulator/sagemaker-stand-in';
import { RequestReport } from '../report/demo-report';
import { ApiAnswer, saidIn } from '../system/api-client';

/** A platform as it was deployed. */
export interface Platform {
  readonly stack: DeployedStack;
  readonly client: EmulatorClient;
  readonly model: SageMakerStandIn;
  /** Where its pages are, by CloudFront's name. */
  readonly websiteUrl: string;
  /** Where its API would be on AWS. */
  readonly apiUrl: string;
  readonly localAws: string;
}

/** A request as one of the platform's pages sends it, and what has to come back. */
export interface PlatformRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: object | string;
  readonly headers?: Record<string, string>;
  /** What is special about it, for the report. */
  readonly but?: string;
  /** How the model behaves from now on. */
  readonly model?: ModelBehaviour;
  readonly status: number;
  /** The status of the envelope, or the code of its error. */
  readonly says: string;
}

export interface Answered {
  readonly answer: ApiAnswer;
  readonly report: RequestReport;
}

/** What an answer to a preflight says in the place of an envelope. */
export const PREFLIGHT = 'preflight';

export async function ask(platform: Platform, planned: PlatformRequest): Promise<Answered> {
  const { method, path, body, headers, but, model, status, says } = planned;
  if (model) platform.model.behave(model);
  const answer = await platform.stack.api.send(method, path, body, { ...headers, origin: platform.websiteUrl });
  const seen = [answer.status, method === 'OPTIONS' ? saidByPreflight(answer) : saidIn(answer), corsOf(platform, answer)].join(' ');
  const expected = `${status} ${says} with CORS`;
  return {
    answer,
    report: {
      request: `${method} /${path}${but ? `, ${but}` : ''}`,
      expected,
      seen,
      milliseconds: answer.milliseconds,
      asExpected: seen === expected,
    },
  };
}

/** What a browser gets from CloudFront, and what has to be seen in it. */
export interface Look {
  readonly request: string;
  readonly address: string;
  readonly expected: string;
  readonly seenIn: (answer: ViewerAnswer) => string | Promise<string>;
}

export async function look({ localAws }: Platform, { request, address, expected, seenIn }: Look): Promise<LookedAt> {
  const start = Date.now();
  const answer = await askCloudFront(localAws, address);
  const milliseconds = Date.now() - start;
  const seen = `${answer.status} ${await seenIn(answer)}`;
  return { answer, report: { request, expected, seen, milliseconds, asExpected: seen === expected } };
}

export interface LookedAt {
  readonly answer: ViewerAnswer;
  readonly report: RequestReport;
}

function saidByPreflight({ body, headers }: ApiAnswer): string {
  return body === '' && headers.get('access-control-allow-methods') !== null ? PREFLIGHT : 'no preflight';
}

/** For the pages of the platform, and no others. */
function corsOf({ websiteUrl }: Platform, { headers }: ApiAnswer): string {
  const origin = headers.get('access-control-allow-origin');
  return origin === websiteUrl ? 'with CORS' : `with CORS for ${origin ?? 'nobody'}`;
}
