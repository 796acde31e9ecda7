import { Location, Log, Notification, ReportingDescriptor, Result } from 'sarif';

const HOME = 'https://github.com/cdk-plumbline/cdk-plumbline';

/** What a report is made of. */
export interface SarifContent {
  readonly version: string;
  readonly rules: readonly ReportingDescriptor[];
  readonly results: readonly Result[];
  /** What the command could not look at; undefined for a command that looks at everything. */
  readonly notifications?: readonly Notification[];
}

/**
 * The report that code hosts and editors read.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog({ version, rules, results, notifications }: SarifContent): Log {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'Plumbline', version, informationUri: HOME, rules: [...rules] } },
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { ROOT: { description: { text: 'Where the command was run.' } } },
      ...notifications && { invocations: [{ executionSuccessful: true, toolExecutionNotifications: [...notifications] }] },
      results: [...results],
    }],
  };
}

export interface SarifRule {
  readonly id: string;
  readonly text: string;
  /** @default - the text */
  readonly explanation?: string;
  readonly help: string;
  /** The page that explains it. */
  readonly page: string;
}

export function sarifRule({ id, text, explanation = text, help, page }: SarifRule): ReportingDescriptor {
  return {
    id,
    name: id,
    shortDescription: { text },
    fullDescription: { text: explanation },
    help: { text: help },
    helpUri: `${HOME}/blob/main/${page}`,
  };
}

/** A place in a file, whose path is from where the command was run. */
export interface SarifPlace {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

export function sarifLocation({ file, line, column }: SarifPlace): Location {
  const region = { startLine: line, ...column !== undefined && { startColumn: column } };
  return { physicalLocation: { artifactLocation: { uri: encodeURI(file), uriBaseId: 'ROOT' }, region } };
}

/** By which a code host knows a finding again when lines have moved. */
export function sarifFingerprint(...parts: readonly string[]): Record<string, string> {
  return { 'plumblineFinding/v1': parts.join('|') };
}
