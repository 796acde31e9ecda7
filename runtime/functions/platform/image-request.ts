import { lengthOf, requireNoProblems, unknownFields } from './request-body';
import { PLATFORMS } from '../../../src/contract/data';

const { request: LIMITS } = PLATFORMS.imageGeneration;

/** What a picture is asked for with, every default filled in. */
export interface ImageRequest {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly guidanceScale: number;
}

/** A job as it stands in the queue. */
export interface QueuedJob {
  readonly jobId: string;
  readonly request: ImageRequest;
}

interface NumberRule {
  readonly min: number;
  readonly max: number;
  readonly multipleOf?: number;
  readonly default: number;
}

/** The request with its defaults. All that is wrong with it is said at once. */
export function requireImageRequest(body: Record<string, unknown>): ImageRequest {
  const problems = [
    ...unknownFields(body, Object.keys(LIMITS)),
    ...findInText('prompt', body.prompt, LIMITS.prompt),
    ...findInText('negativePrompt', body.negativePrompt ?? '', LIMITS.negativePrompt),
    ...(['width', 'height', 'steps', 'guidanceScale'] as const).flatMap(name => findInNumber(name, body[name], LIMITS[name])),
  ];
  requireNoProblems(problems);
  const number = (name: 'width' | 'height' | 'steps' | 'guidanceScale') => (body[name] ?? LIMITS[name].default) as number;
  return {
    prompt: (body.prompt as string).trim(),
    negativePrompt: ((body.negativePrompt ?? '') as string).trim(),
    width: number('width'),
    height: number('height'),
    steps: number('steps'),
    guidanceScale: number('guidanceScale'),
  };
}

function findInText(name: string, value: unknown, rule: { readonly minLength?: number; readonly maxLength: number }): string[] {
  if (typeof value !== 'string') return [`${name} is missing, or is no text`];
  const { minLength = 0, maxLength } = rule;
  const length = lengthOf(value.trim());
  return length < minLength || length > maxLength ? [`${name} has ${length} characters, ${minLength} to ${maxLength} are allowed`] : [];
}

function findInNumber(name: string, value: unknown, rule: NumberRule): string[] {
  if (value === undefined || value === null) return [];
  const { min, max, multipleOf } = rule;
  const whole = multipleOf ?? (Number.isInteger(rule.default) ? 1 : undefined);
  const allowed = `a number from ${min} to ${max}${whole === undefined ? '' : whole === 1 ? ', whole' : `, in steps of ${whole}`}`;
  const right = typeof value === 'number' && value >= min && value <= max && (whole === undefined || value % whole === 0);
  return right ? [] : [`${name} has to be ${allowed}`];
}
