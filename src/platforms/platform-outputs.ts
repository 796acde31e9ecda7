import { CfnOutput } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { StandardWebsite } from '../api/standard-website';

/** Where a platform is found. */
export function tellAddresses(scope: Construct, api: RestApi, website: StandardWebsite): void {
  const values = { ApiUrl: api.url, WebsiteUrl: website.url, DistributionDomain: website.distribution.distributionDomainName };
  for (const [name, value] of Object.entries(values)) new CfnOutput(scope, name, { value });
}
