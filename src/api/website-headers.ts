import { Duration } from 'aws-cdk-lib';
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { nameInAllRegions } from './name-in-all-regions';
import { WEBSITE } from '../contract/data';

const { contentSecurityPolicy, frameOption, referrerPolicy, strictTransportSecuritySeconds } = WEBSITE.headers;
/** What CloudFront takes. */
const MOST_NAME_CHARACTERS = 128;

/** The security headers; CloudFront sets them, whatever the origin sent. */
export function securityHeaders(scope: Construct, id: string, connectSources: readonly string[]): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, id, {
    responseHeadersPolicyName: nameInAllRegions(scope, MOST_NAME_CHARACTERS),
    comment: 'The security headers of a website',
    securityHeadersBehavior: {
      strictTransportSecurity: {
        accessControlMaxAge: Duration.seconds(strictTransportSecuritySeconds), includeSubdomains: true, preload: true, override: true,
      },
      frameOptions: { frameOption: HeadersFrameOption[frameOption], override: true },
      contentTypeOptions: { override: true },
      xssProtection: { protection: true, modeBlock: true, override: true },
      referrerPolicy: { referrerPolicy: referrerPolicy as HeadersReferrerPolicy, override: true },
      contentSecurityPolicy: { contentSecurityPolicy: policyText(connectSources), override: true },
    },
  });
}

function policyText(connectSources: readonly string[]): string {
  const directives = { ...contentSecurityPolicy, 'connect-src': [...contentSecurityPolicy['connect-src'], ...connectSources] };
  return Object.entries(directives).map(([name, sources]) => `${name} ${sources.join(' ')}`).join('; ');
}
