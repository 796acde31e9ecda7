import { Aws, Token } from 'aws-cdk-lib';
import { partitionOf } from '../../contract/regions';

/** The host of a service in a Region, in the Region's own partition: `s3.cn-north-1.amazonaws.com.cn`. */
export function serviceHost(service: string, region: string): string {
  return `${service}.${region}.${Token.isUnresolved(region) ? Aws.URL_SUFFIX : partitionOf(region).dnsSuffix}`;
}
