import { readdirSync, readFileSync } from 'fs';
import { basename, join } from 'path';

/** What is read of the contract here. Its own types will not do: they are written from what is read. */
export interface Contract {
  readonly ALARMS: {
    readonly kinds: Record<string, { readonly rings: string; readonly incident: string; readonly steps: readonly string[] }>;
  };
  readonly CHECKS: {
    readonly incidents: Record<string, string>;
    readonly rules: { readonly name: string; readonly info: string; readonly explanation: string; readonly incidents: string[] }[];
  };
  readonly ENDPOINT_SETTINGS: {
    readonly failures: {
      readonly kinds: readonly { readonly kind: string; readonly marks: readonly string[]; readonly advice: string }[];
      readonly faultAdvice: string;
    };
  };
  readonly ERROR_CODES: { readonly codes: Record<string, unknown> };
  readonly METRIC_CATALOG: {
    readonly metrics: readonly MetricOfContract[];
    readonly missingAlarm: { readonly evaluationPeriods: number };
  };
}

export interface MetricOfContract {
  readonly id: string;
  readonly constant: string;
  readonly area: string;
  readonly name: string;
  readonly unit: string;
  readonly tier: 'mandatory' | 'optional' | 'adoption';
  readonly emittedBy: 'client' | 'handler' | 'prompts' | 'service';
  readonly zeroIsFault: boolean;
  readonly dimensions: readonly string[];
  readonly dimensionValues?: Readonly<Record<string, readonly string[]>>;
  readonly rollups: readonly (readonly string[])[];
  readonly description: string;
  readonly owner: string;
  readonly freshnessSeconds: number;
}

/** Every data file of contract/, by the name of its constant: `client-policy.json` as CLIENT_POLICY, without the name of its schema. */
export function contractData(projectFolder: string): Contract {
  const folder = join(projectFolder, 'contract');
  const files = readdirSync(folder).filter(file => file.endsWith('.json') && !file.endsWith('.schema.json')).sort();
  return Object.fromEntries(files.map(file => {
    const { $schema: _schema, ...content } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return [basename(file, '.json').toUpperCase().replace(/-/g, '_'), content];
  })) as unknown as Contract;
}
