import { parseDocument } from 'yaml';
import { isRecord, JsonRecord } from '../../src/contract/template/template-values';
import { CouldNotRun } from '../system/could-not-run';

/** A file in its two parts. */
export interface FrontMatter {
  readonly fields: JsonRecord;
  readonly template: string;
  /** The file's line on which the template begins. */
  readonly firstLine: number;
}

const FENCE = /^---[ \t]*$/;
const EXAMPLE = `A prompt file begins like this:
---
id: greeting
version: 1.0.0
model: amazon.nova-pro-v1:0
variables:
  name: { sample: Ada, maxLength: 40 }
---
Say hello to {{name}}.`;

/** Parts a file at its two lines of `---`, and reads the YAML between them. Errors: either is not there, or is no YAML. */
export function findFrontMatter(text: string, file: string): FrontMatter {
  const lines = text.split('\n');
  if (!FENCE.test(lines[0])) throw new CouldNotRun(`${file}:1: the first line is not ---. ${EXAMPLE}`);
  const end = lines.findIndex((line, index) => index > 0 && FENCE.test(line));
  if (end < 0) throw new CouldNotRun(`${file}: no second line --- ends the front matter. ${EXAMPLE}`);
  return {
    fields: parseFields(lines.slice(1, end).join('\n'), file),
    template: lines.slice(end + 1).join('\n'),
    firstLine: end + 2,
  };
}

function parseFields(yaml: string, file: string): JsonRecord {
  const document = parseDocument(yaml, { version: '1.2', schema: 'core', logLevel: 'silent', prettyErrors: true });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault) throw new CouldNotRun(`${file}:${(fault.linePos?.[0].line ?? 0) + 1}: ${fault.message.split('\n')[0]}`);
  let fields: unknown;
  try {
    fields = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new CouldNotRun(`${file}:2: the front matter cannot be read: ${(cause as Error).message}`);
  }
  if (isRecord(fields)) return fields;
  throw new CouldNotRun(`${file}:2: the front matter is no list of names and values. ${EXAMPLE}`);
}
