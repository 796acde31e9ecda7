import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { TeachingErrorOptions, teachingText } from '../contract/teaching-error';

/** An error that names the construct's path, what was given, what is allowed, and one way to mend it. */
export function teachingError(scope: IConstruct, options: TeachingErrorOptions): Error {
  return new Error(teachingMessage(scope, options));
}

/** Makes the errors of one construct. */
export type TeachingErrors = (options: TeachingErrorOptions) => Error;

/** Errors about a construct that does not exist yet, or about one of several works on it: `subject` says which. */
export function teachingErrors(scope: IConstruct, subject: string): TeachingErrors {
  return options => teachingError(scope, { ...options, problem: `${subject}: ${options.problem}` });
}

/** The text of `teachingError`, for `node.addValidation`. */
export function teachingMessage(scope: IConstruct, options: TeachingErrorOptions): string {
  return teachingText(scope.node.path || 'App', options, shown);
}

/** A token has no value yet, and its placeholder would tell nobody anything. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Token.isUnresolved(value)) return 'a value known only at deployment (token)';
  return JSON.stringify(value, (_key, inner) => (Token.isUnresolved(inner) ? '<token>' : inner)) ?? String(value);
}
