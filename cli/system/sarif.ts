import { Location, Log, Result } from 'sarif';

const HOME = 'https://github.com/cdk-plumbline/cdk-plumbline';

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What a report of code is made of. */
export interface SarifContent {
  readonly version: string;
  /** The page that explains the rules. */
  readonly page: string;
  readonly rules: readonly { readonly id: string; readonly text: string; readonly help: string }[];
  readonly results: readonly {
    readonly rule: string;
    readonly level: 'error' | 'warning';
    readonly message: string;
    readonly place: Place;
    readonly fingerprint: string;
  }[];
  readonly notifications: readonly { readonly message: string; readonly place: Place }[];
}

/**
 * A report on places in code.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog({ version, page, rules, results, notifications }: SarifContent): Log {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: {
        driver: {
          name: 'Plumbline',
          version,
          informationUri: HOME,
          rules: rules.map(({ id, text, help }) => ({
            id, name: id, shortDescription: { text }, fullDescription: { text }, help: { text: help }, helpUri: `${HOME}/blob/main/${page}`,
          })),
        },
      },
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { ROOT: { description: { text: 'Where the command was run.' } } },
      invocations: [{
        executionSuccessful: true,
        toolExecutionNotifications: notifications.map(({ message, place }) => ({
          level: 'note' as const, message: { text: message }, locations: [locationOf(place)],
        })),
      }],
      results: results.map(({ rule, level, message, place, fingerprint }): Result => ({
        ruleId: rule,
        ruleIndex: rules.findIndex(({ id }) => id === rule),
        level,
        message: { text: message },
        locations: [locationOf(place)],
        partialFingerprints: { 'plumblineFinding/v1': fingerprint },
      })),
    }],
  };
}

function locationOf({ file, line, column }: Place): Location {
  const artifactLocation = { uri: encodeURI(file), uriBaseId: 'ROOT' };
  return { physicalLocation: { artifactLocation, region: { startLine: line, startColumn: column } } };
}
