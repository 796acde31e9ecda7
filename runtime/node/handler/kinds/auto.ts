import type { Context } from 'aws-lambda';
import { apiHandler } from './api';
import { eventHandler } from './event';
import { isHttpEvent } from './http-event';
import type { UserHandler } from '../call/user-handler';

/** Answers each event as its source expects: HTTP with an envelope, so that errors are read; others by throwing, so that none is lost. */
export function autoHandler(handler: UserHandler): (event: unknown, context: Context) => Promise<unknown> {
  const [api, event] = [apiHandler(handler), eventHandler(handler)];
  return (given, context) => (isHttpEvent(given) ? api : event)(given, context);
}
