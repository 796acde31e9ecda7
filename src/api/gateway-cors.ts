import { Annotations } from 'aws-cdk-lib';
import { Cors, CorsOptions, IRestApi } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { requireOrigins } from '../standards/origins';

/** Which pages may read what API Gateway answers by itself. */
export interface GatewayCors {
  readonly allowOrigins: string[];
  readonly allowCredentials?: boolean;
  readonly exposeHeaders?: string[];
}

/** The CORS preflight of the whole API; none when the API has none, or is imported. */
export function preflightOf(restApi: IRestApi): CorsOptions | undefined {
  try {
    return restApi.root.defaultCorsPreflightOptions;
  } catch {
    // An API imported by id alone throws when asked for its root.
    return undefined;
  }
}

/**
 * The CORS headers of a gateway response, by header name.
 *
 * A gateway response can name one origin only: its headers are static, and its templates know no conditions.
 */
export function corsHeaders(scope: Construct, cors: GatewayCors): Record<string, string> {
  requireOrigins(scope, cors.allowOrigins);
  if (cors.allowOrigins.length === 0) return {};
  return { ...originHeaders(scope, cors), ...exposeHeaders(cors) };
}

function originHeaders(scope: Construct, cors: GatewayCors): Record<string, string> {
  if (allowsEveryPage(cors)) return { 'Access-Control-Allow-Origin': quoted('*') };
  const [origin, ...others] = cors.allowOrigins;
  if (others.length > 0) warnOfUnreadable(scope, origin, others);
  const headers = { 'Access-Control-Allow-Origin': quoted(origin), 'Vary': quoted('Origin') };
  return cors.allowCredentials ? { ...headers, 'Access-Control-Allow-Credentials': quoted('true') } : headers;
}

function exposeHeaders({ exposeHeaders: names }: GatewayCors): Record<string, string> {
  return names?.length ? { 'Access-Control-Expose-Headers': quoted(names.join(',')) } : {};
}

/** Several origins without credentials become `*`: the body holds a static text and two ids, which any page may read. */
function allowsEveryPage({ allowOrigins, allowCredentials }: GatewayCors): boolean {
  return allowOrigins.includes(Cors.ALL_ORIGINS[0]) || (allowOrigins.length > 1 && !allowCredentials);
}

function warnOfUnreadable(scope: Construct, origin: string, others: string[]): void {
  Annotations.of(scope).addWarningV2(
    'cdk-plumbline:gatewayResponseOrigins',
    `API Gateway's own error answers can name one origin when credentials are allowed: ${origin}. ` +
    `Pages of ${others.join(', ')} see such an error as a network failure. Give allowOrigins the one origin that matters most.`,
  );
}

function quoted(value: string): string {
  return `'${value}'`;
}
