import type { AskedRequest } from './registry/served-request';
import { RUNTIME_ENVIRONMENT } from '../../src/contract/data';
import { isRecord, JsonRecord } from '../../src/contract/template/template-values';
import { CouldNotRun } from '../system/could-not-run';

/** What a log line of a call says of its prompt. */
export interface CallLine extends AskedRequest {
  readonly service?: string;
  readonly requestId?: string;
}

const { bedrockCall, bedrockStreamEnded } = RUNTIME_ENVIRONMENT.logEvents;
const EVENTS: readonly unknown[] = [bedrockCall, bedrockStreamEnded];
const EXAMPLE = `It is one line of JSON with "event": "${bedrockCall}", as both runtimes log it.`;

/**
 * The call of a log line. Before the JSON may stand what a console or a tail puts there, and it may be the `message` of an event of
 * CloudWatch Logs. Errors: it is no such line, or its call had no prompt.
 */
export function parseCallLine(text: string): CallLine {
  const fields = fieldsOf(text);
  if (!EVENTS.includes(fields.event)) {
    throw new CouldNotRun(`The line is no call of a model: its event is ${JSON.stringify(fields.event) ?? 'not there'}. ${EXAMPLE}`);
  }
  const [promptId, version, environment] = ['prompt_id', 'prompt_version', 'environment'].map(name => textOf(fields, name));
  if (promptId === undefined || version === undefined) {
    throw new CouldNotRun('The call had no prompt of the registry: the line has no prompt_id and prompt_version. '
      + 'Make the call within run() of a prompt, in Python within in_use().');
  }
  const time = new Date(textOf(fields, 'timestamp') ?? NaN);
  if (environment === undefined || Number.isNaN(time.getTime())) {
    const missing = environment === undefined ? 'its environment' : 'a timestamp such as 2026-11-28T07:00:00.000Z';
    throw new CouldNotRun(`The line lacks ${missing}.`);
  }
  return {
    promptId,
    version,
    environment,
    time,
    templateHash: textOf(fields, 'template_hash'),
    promptHash: textOf(fields, 'prompt_hash'),
    service: textOf(fields, 'service_name'),
    requestId: textOf(fields, 'request_id'),
  };
}

function fieldsOf(text: string): JsonRecord {
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}')];
  const fields = from < 0 ? undefined : tryParse(text.slice(from, to + 1));
  if (!fields) throw new CouldNotRun(`The line is no JSON: ${JSON.stringify(text.trim().slice(0, 60))}. ${EXAMPLE}`);
  const within = [fields.message, fields['@message']].map(message => (typeof message === 'string' ? tryParse(message) : undefined));
  return fields.event === undefined ? within.find(found => found) ?? fields : fields;
}

function tryParse(text: string): JsonRecord | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function textOf(fields: JsonRecord, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
