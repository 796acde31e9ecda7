import { Inventory } from './inventory';
import { tryTake } from './read-documents';
import type { AccountMetrics } from '../../aws/asking';
import { askerOf, ATTEMPTS, namedRegions, sdk } from '../../aws/sdk';
import { Console } from '../../system/console';
import { CouldNotRun } from '../../system/could-not-run';
import { progress } from '../../system/progress';
import { Unread } from '../code/read-code';

const CLOUDWATCH = { name: 'CloudWatch', prefix: 'cloudwatch', needs: ['ListMetrics', 'DescribeAlarms', 'ListDashboards', 'GetDashboard'] };

export interface AccountOptions {
  readonly region?: readonly string[];
  readonly profile?: string;
  /** Only metrics with data in the last three hours. */
  readonly recent?: boolean;
}

/** What was read of an account. */
export interface AccountRead {
  readonly unread: readonly Unread[];
  /** Why the inventory is not whole. */
  readonly incomplete: readonly string[];
}

/**
 * Takes the metrics that an account emits, and those that its alarms and dashboards read, into the inventory. What one question fails on
 * leaves the others their answers.
 *
 * Errors: nothing at all was answered; no Region is named.
 */
export async function readAccount(options: AccountOptions, inventory: Inventory, console: Console): Promise<AccountRead> {
  const { profile, recent = false } = options;
  const regions = await requireRegions(options);
  const reading = new Reading(inventory, console);
  for (const region of regions) {
    const asker = askerOf({ region, service: CLOUDWATCH });
    const account = new (sdk().AccountMetrics)({ region, profile, attempts: ATTEMPTS }, asker);
    try {
      await reading.metricsOf(region, account.metrics(recent));
      await reading.alarmsOf(region, account.alarms());
      // They are the same ones in every Region.
      if (region === regions[0]) await reading.dashboardsOf(region, account);
    } finally {
      account.close();
    }
  }
  if (!reading.isAnswered && reading.incomplete.length > 0) throw new CouldNotRun([...new Set(reading.incomplete)].join('\n'));
  return reading;
}

async function requireRegions({ region, profile }: AccountOptions): Promise<string[]> {
  const given = namedRegions(region);
  if (given.length > 0) return given;
  const configured = await sdk().tryConfiguredRegion(profile);
  if (configured !== undefined) return [configured];
  throw new CouldNotRun('No Region is named. Name those that your metrics are in: --region us-east-1 eu-west-1');
}

/** What comes of the questions to an account. */
class Reading implements AccountRead {
  public readonly unread: Unread[] = [];
  public readonly incomplete: string[] = [];
  public isAnswered = false;

  constructor(private readonly inventory: Inventory, private readonly console: Console) {}

  public metricsOf(region: string, pages: Pages<{ readonly namespace: string; readonly name: string }>): Promise<void> {
    return this.take(`metrics of ${region}`, pages, metric => this.inventory.add(metric, `${region}: emitted`));
  }

  public alarmsOf(region: string, pages: Pages<{ readonly AlarmName?: string }>): Promise<void> {
    return this.take(`alarms of ${region}`, pages, alarm => {
      this.takeText(JSON.stringify({ MetricAlarms: [alarm] }), `${region}: alarm ${alarm.AlarmName}`);
    });
  }

  public dashboardsOf(region: string, account: AccountMetrics): Promise<void> {
    return this.take(`dashboards of ${region}`, account.dashboards(), async name => {
      // One that went away meanwhile leaves the others.
      const body = await account.dashboardBody(name).catch((error: Error) => this.miss(error, `dashboard ${name}: `));
      if (body !== undefined) this.takeText(body, `dashboard ${name}`);
    });
  }

  /** Takes page after page; a fault ends it, and what came before is kept. */
  private async take<T>(what: string, pages: Pages<T>, takeOne: (item: T) => void | Promise<void>): Promise<void> {
    const tell = progress(this.console, `${what} read`);
    let read = 0;
    try {
      for await (const page of pages) {
        this.isAnswered = true;
        for (const item of page) {
          await takeOne(item);
          tell(++read);
        }
      }
    } catch (error) {
      this.miss(error as Error, '', read > 0 ? `\nThe ${read} ${what} before it are in the report.` : '');
    }
  }

  private miss(error: Error, before = '', after = ''): undefined {
    if (!(error instanceof CouldNotRun)) throw error;
    this.incomplete.push(`${before}${error.message}${after}`);
  }

  private takeText(text: string, place: string): void {
    try {
      this.unread.push(...tryTake(text, place, this.inventory) ?? []);
    } catch (error) {
      if (!(error instanceof CouldNotRun)) throw error;
      this.unread.push({ file: place, line: 1, column: 1, why: error.message });
    }
  }
}

type Pages<T> = AsyncGenerator<readonly T[]>;
