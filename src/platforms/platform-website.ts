import { Stack } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { ISource, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { StandardWebsite } from '../api/standard-website';
import { WEBSITE } from '../contract/data';

interface PlatformWebsiteProps {
  readonly title: string;
  readonly api: RestApi;
  readonly pages?: ISource[];
}

/** The pages of a platform: they find the address of its API in `config.json`, and may call it and nothing else. */
export function platformWebsite(scope: Construct, id: string, { title, api, pages }: PlatformWebsiteProps): StandardWebsite {
  const { region, urlSuffix } = Stack.of(api);
  return new StandardWebsite(scope, id, {
    sources: pages ?? [Source.data(WEBSITE.indexPage, plainPage(title, api.url))],
    configuration: { apiUrl: api.url },
    // By the API's id alone: what its stage needs knows the address of these pages.
    connectSources: [`https://${api.restApiId}.execute-api.${region}.${urlSuffix}`],
  });
}

/** Without a script: the headers allow none within a page. */
function plainPage(title: string, apiUrl: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
</head>
<body>
<h1>${title}</h1>
<p>The API of this platform is at <code>${apiUrl}</code></p>
</body>
</html>
`;
}
