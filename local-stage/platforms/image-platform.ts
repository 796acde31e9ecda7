import { writeFileSync } from 'fs';
import { setTimeout as pause } from 'timers/promises';
import sharp from 'sharp';
import { securityOf, showPages } from './pages';
import { Answered, ask, look, Platform, PlatformRequest, PREFLIGHT } from './platform';
import { PLATFORMS } from '../../src/contract/data';
import { paintedPicture, peakSignalToNoise } from '../../test/support/sagemaker-fake/picture';
import { RequestReport } from '../report/demo-report';
import { PlatformShow } from '../report/platforms-report';
import { ApiAnswer, envelopeIn } from '../system/api-client';

const { idempotencyKey, paths, picture: PICTURE } = PLATFORMS.imageGeneration;

const SIDE = 256;
const WISH = { prompt: 'A heron on a pond at dawn', width: SIDE, height: SIDE, steps: 20 };
const UNKNOWN_JOB = '00000000-0000-4000-8000-000000000000';
/** What is lost by JPEG stays above it. */
const LEAST_DECIBELS = 35;
const PATIENCE_MS = 40_000;
const LOOK_EVERY_MS = 500;

interface ToldJob {
  readonly jobId: string;
  readonly state: string;
  readonly url?: string;
  readonly error?: { readonly code: string };
}

/** What the shop's server does with the image platform, and its pages. The picture is written into the file `out`. */
export async function showImagePlatform(platform: Platform, out: string): Promise<PlatformShow> {
  const key = { 'x-api-key': await platform.client.apiKey(platform.stack.physicalId('PicturesApiKey')) };
  const send = (request: Omit<PlatformRequest, 'path'> & { readonly path?: string }): Promise<Answered> =>
    ask(platform, { path: paths.jobs, headers: key, ...request });
  const once = { ...key, [idempotencyKey.header]: 'order-4711' };

  const preflight = await send({ method: 'OPTIONS', headers: {}, status: 204, says: PREFLIGHT });
  const noKey = await send({ method: 'POST', body: WISH, headers: {}, but: 'without a key', status: 403, says: 'AUTH_FAILED' });
  const started = await send({ method: 'POST', body: WISH, headers: once, status: 202, says: 'success' });
  const again = await send({ method: 'POST', body: WISH, headers: once, but: 'the same once more', status: 202, says: 'success' });
  const { jobId } = jobIn(started.answer);
  const done = await untilOver(platform, key, jobId, 'SUCCEEDED');
  const seen = await lookAtPicture(platform, done.job.url ?? `${platform.websiteUrl}/no-picture`, out);

  const short = await send({
    method: 'POST', body: { prompt: 'A heron', width: 255 }, but: 'a wish that breaks two rules', status: 400, says: 'INVALID_REQUEST',
  });
  const unknown = await send({ method: 'GET', path: pathOf(UNKNOWN_JOB), but: 'a job that nobody began', status: 404, says: 'NOT_FOUND' });
  const refused = await send({
    method: 'POST', body: WISH, but: 'a wish that the model refuses', model: 'model-refused', status: 202, says: 'success',
  });
  const failed = await untilOver(platform, key, jobIn(refused.answer).jobId, 'FAILED INVALID_REQUEST');
  return {
    requests: [
      ...[preflight, noKey, started].map(({ report }) => report),
      sameJob(again, jobId), done.report, seen, ...[short, unknown, refused].map(({ report }) => report), failed.report,
    ],
    pages: await showPages(platform, 'Image generation'),
    answer: done.body,
    ...seen.asExpected && { picture: out },
  };
}

function pathOf(jobId: string): string {
  return paths.job.replace('{jobId}', jobId);
}

function jobIn(answer: ApiAnswer): ToldJob {
  return envelopeIn(answer)?.data as ToldJob | null ?? { jobId: 'none', state: 'unknown' };
}

function sameJob({ answer, report }: Answered, jobId: string): RequestReport {
  const same = jobIn(answer).jobId === jobId;
  return {
    ...report,
    expected: `${report.expected}, the same job`,
    seen: `${report.seen}, ${same ? 'the same job' : 'another job'}`,
    asExpected: report.asExpected && same,
  };
}

interface OverJob {
  readonly job: ToldJob;
  readonly body: string;
  readonly report: RequestReport;
}

/** Asks for the job until it is over, as a page does. */
async function untilOver(platform: Platform, headers: Record<string, string>, jobId: string, expected: string): Promise<OverJob> {
  const start = Date.now();
  for (;;) {
    const { answer, report } = await ask(platform, { method: 'GET', path: pathOf(jobId), headers, status: 200, says: 'success' });
    const job = jobIn(answer);
    const waited = Date.now() - start;
    if (job.state === 'SUCCEEDED' || job.state === 'FAILED' || waited > PATIENCE_MS) {
      const state = [job.state, ...job.error ? [job.error.code] : []].join(' ');
      return {
        job,
        body: answer.body,
        report: {
          ...report,
          request: `GET /${paths.job}, until it is over`,
          expected: `${report.expected}, ${expected}`,
          seen: `${report.seen}, ${state}`,
          milliseconds: waited,
          asExpected: report.asExpected && state === expected,
        },
      };
    }
    await pause(LOOK_EVERY_MS);
  }
}

/** Whether the JPEG that CloudFront serves is the picture of the model, under the security headers and kept for good. */
async function lookAtPicture(platform: Platform, address: string, out: string): Promise<RequestReport> {
  const { answer, report } = await look(platform, {
    request: 'GET its url, from CloudFront',
    address,
    expected: `200 the picture of the model, ${PICTURE.contentType}, ${PICTURE.cacheControl}, with the security headers`,
    seenIn: async seen => [
      await contentOf(seen.body), seen.headers['content-type'], seen.headers['cache-control'], securityOf(seen, platform.apiUrl),
    ].join(', '),
  });
  if (report.asExpected) writeFileSync(out, answer.body);
  return report;
}

async function contentOf(body: Buffer): Promise<string> {
  try {
    const { data } = await sharp(body).raw().toBuffer({ resolveWithObject: true });
    const decibels = peakSignalToNoise(paintedPicture(SIDE, SIDE).pixels, data);
    return decibels >= LEAST_DECIBELS ? 'the picture of the model' : `another picture (${decibels.toFixed(1)} dB)`;
  } catch (error) {
    return `no picture (${(error as Error).message})`;
  }
}
