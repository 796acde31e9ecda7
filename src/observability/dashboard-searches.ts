import { IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';

/** Metrics that are found by what is known of them. */
export interface MetricSearch {
  readonly namespace: string;
  /** The exact names of the dimensions; the values of some, or of none. */
  readonly dimensions: readonly string[];
  readonly values?: Readonly<Record<string, string>>;
  /** Any of these. */
  readonly names: readonly string[];
  readonly statistic: string;
  readonly periodSeconds: number;
}

/**
 * The text of a search, for an expression. A value can be one that only the deployment knows.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export function searchText({ namespace, dimensions, values = {}, names, statistic, periodSeconds }: MetricSearch): string {
  const schema = [namespace, ...dimensions].map(quotedWhereOdd).join(',');
  const anyName = names.map(name => `MetricName="${name}"`).join(' OR ');
  const known = Object.entries(values).map(([name, value]) => ` ${name}="${value}"`).join('');
  return `SEARCH('{${schema}} ${names.length > 1 ? `(${anyName})` : anyName}${known}', '${statistic}', ${periodSeconds})`;
}

/** A line for each metric that is found. */
export function found(search: MetricSearch, label = ''): IMetric {
  return new MathExpression({ expression: searchText(search), label });
}

/** AWS asks for quotes around all but letters and digits, and writes its own namespaces with a bare slash. */
function quotedWhereOdd(text: string): string {
  return /^[A-Za-z0-9/]+$/.test(text) ? text : `"${text}"`;
}
