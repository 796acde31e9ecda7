import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { teachingError } from './teaching-error';

const PATTERN = /^[A-Za-z][A-Za-z0-9._-]{0,63}$/;

/** `value`, when it can be part of namespaces, dimensions and alarm names. A token passes. */
export function requireMetricNamePart(scope: IConstruct, prop: string, value: string, example: string): string {
  if (!Token.isUnresolved(value) && !PATTERN.test(value)) {
    throw teachingError(scope, {
      problem: `The ${prop} cannot be part of a metric name`,
      given: value,
      allowed: 'letters, digits, ".", "_" and "-", a letter first, at most 64',
      fix: `choose another ${prop}, for example "${example}"`,
    });
  }
  return value;
}
