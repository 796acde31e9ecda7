import { Function } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { IConstruct } from 'constructs';
import { CatalogMetric } from '../observability/catalog-metric';
import { rememberServiceLogs } from '../observability/service-logs';
import { sharedMark, tryMark } from '../standards/marks';

const MARK = 'ServiceFunction';

/** What others of the library need to know of a function under the standard. */
export interface ServiceFunction {
  readonly fn: Function;
  readonly serviceName: string;
  readonly logGroup: ILogGroup;
  /** What it emits with each request: by itself, and because its alarms wait for it. */
  readonly metrics: readonly CatalogMetric[];
}

/** Remembers a function under the standard. */
export function rememberServiceFunction(service: ServiceFunction): void {
  sharedMark(service.fn, MARK, () => service);
  rememberServiceLogs(service.fn, service);
}

/** The function of a service that `construct` is; undefined for any other construct. */
export function tryServiceFunction(construct: IConstruct): ServiceFunction | undefined {
  return tryMark(construct, MARK);
}

/** The functions under the standard at or below `scope`, as they are now. */
export function serviceFunctionsBelow(scope: IConstruct): ServiceFunction[] {
  return scope.node.findAll().flatMap(construct => tryServiceFunction(construct) ?? []);
}
