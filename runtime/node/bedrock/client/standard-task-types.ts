import { appConfigSource } from './app-config-source';
import { STANDARD_POLICY } from './client-policy';
import { RUNTIME_PORTS } from './ports-of-runtime';
import { TaskTypes } from './task-types';
import { RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';

/** One for all clients of an execution environment, whichever service they call: the document is asked for once. */
export const STANDARD_TASK_TYPES = new TaskTypes({
  policy: STANDARD_POLICY,
  source: appConfigSource(process.env[RUNTIME_ENVIRONMENT.variables.clientPolicy.name], RUNTIME_PORTS.logWarning),
  warn: RUNTIME_PORTS.logWarning,
});
