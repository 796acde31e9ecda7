import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { teachingError } from './teaching-error';
import { KIND_PLACEHOLDER } from '../contract/alarm-kind';

/** The description of an alarm holds the text and the incident beside it. */
const MAX_LENGTH = 500;
const PRINTABLE = /^[\x21-\x7e]+$/;

/**
 * The link, when a person can follow it out of a notification.
 *
 * Errors: no web address; one with a name and password in it; one too long for a description.
 */
export function requireRunbookUrl(scope: IConstruct, url: string): string {
  if (Token.isUnresolved(url) || isLink(url)) return url;
  throw teachingError(scope, {
    problem: 'runbookUrl is no link that a person can follow out of a notification',
    // A password must not be repeated.
    given: url.replace(/\/\/[^/]*@/, '//…@'),
    allowed: `a web address of at most ${MAX_LENGTH} characters, http or https, without blanks, user name or password`,
    fix: `give the page of your runbooks, for example "https://wiki.example.com/runbooks/${KIND_PLACEHOLDER}"`,
  });
}

function isLink(url: string): boolean {
  if (url.length > MAX_LENGTH || !PRINTABLE.test(url) || !URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}
