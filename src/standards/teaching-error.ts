import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** What a validation error tells besides where it happened. */
export interface TeachingErrorOptions {
  /** What is wrong, as a sentence without its full stop. */
  readonly problem: string;
  /** The value that was given; a token is shown as such. */
  readonly given: unknown;
  /** What is allowed. */
  readonly allowed: string;
  /** One way to mend it. */
  readonly fix: string;
}

/** An error that names the construct's path, what was given, what is allowed, and one way to mend it. */
export function teachingError(scope: IConstruct, options: TeachingErrorOptions): Error {
  return new Error(teachingMessage(scope, options));
}

/** The text of `teachingError`, for `node.addValidation`. */
export function teachingMessage(scope: IConstruct, options: TeachingErrorOptions): string {
  return [
    `[${scope.node.path || 'App'}] ${options.problem}.`,
    `  given:   ${show(options.given)}`,
    `  allowed: ${options.allowed}`,
    `  fix:     ${options.fix}`,
  ].join('\n');
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Token.isUnresolved(value)) return 'a value known only at deployment (token)';
  return JSON.stringify(value, (_key, inner) => (Token.isUnresolved(inner) ? '<token>' : inner)) ?? String(value);
}
