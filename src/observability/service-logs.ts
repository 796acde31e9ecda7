import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { IConstruct } from 'constructs';
import { sharedMark, tryMark } from '../standards/marks';

const MARK = 'ServiceLogs';

/** Where a service under the standard writes its log. */
export interface ServiceLogs {
  readonly serviceName: string;
  readonly logGroup: ILogGroup;
}

/** Remembers where what `construct` runs writes its log. */
export function rememberServiceLogs(construct: IConstruct, logs: ServiceLogs): void {
  sharedMark(construct, MARK, () => logs);
}

/** The logs at or below `scope`, as they are now. */
export function serviceLogsBelow(scope: IConstruct): ServiceLogs[] {
  return scope.node.findAll().flatMap(construct => tryMark<ServiceLogs>(construct, MARK) ?? []);
}
