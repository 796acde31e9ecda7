import { Template } from './local-template';

/** Where the functions of the local deployment find the control plane of Bedrock, by the name of their role. */
export type ControlPlaneOf = (roleName: unknown) => unknown;

type Resource = Template['Resources'][string];

/** Bridges what the emulator does differently from AWS, in the local copy only. */
export function bridgeGaps(template: Template, controlPlaneOf: ControlPlaneOf): Template {
  const resources = Object.entries(template.Resources)
    .map(([logicalId, resource]) =>
      [logicalId, withRoleToldToControlPlane(withoutTlsRule(withKnownContextVariables(resource)), controlPlaneOf)]);
  return { ...template, Resources: Object.fromEntries(resources) as Template['Resources'] };
}

/** Tells every function of the template the same, beside its own variables. */
export function withVariables(template: Template, variables: Readonly<Record<string, string>>): Template {
  const resources = Object.entries(template.Resources).map(([logicalId, resource]) =>
    [logicalId, resource.Type === 'AWS::Lambda::Function' ? toldTo(resource, variables) : resource]);
  return { ...template, Resources: Object.fromEntries(resources) as Template['Resources'] };
}

/** The emulator substitutes the request's id, and leaves the name of the extended one as it stands. */
function withKnownContextVariables(resource: Resource): Resource {
  if (resource.Type !== 'AWS::ApiGateway::GatewayResponse') return resource;
  return JSON.parse(JSON.stringify(resource).replaceAll('$context.extendedRequestId', '$context.requestId')) as Resource;
}

/** The emulator takes what its own CloudFront fetches from a bucket for a request without TLS. */
function withoutTlsRule(resource: Resource): Resource {
  if (resource.Type !== 'AWS::S3::BucketPolicy') return resource;
  const document = resource.Properties?.PolicyDocument as { readonly Statement: readonly Statement[] };
  const statements = document.Statement.filter(({ Effect, Condition }) =>
    !(Effect === 'Deny' && String(Condition?.Bool?.['aws:SecureTransport']) === 'false'));
  return { ...resource, Properties: { ...resource.Properties, PolicyDocument: { ...document, Statement: statements } } };
}

interface Statement {
  readonly Effect: string;
  readonly Condition?: { readonly Bool?: Readonly<Record<string, unknown>> };
}

/** All functions have the same credentials in the emulator; the control plane learns from the address whose permissions count. */
function withRoleToldToControlPlane(resource: Resource, controlPlaneOf: ControlPlaneOf): Resource {
  if (resource.Type !== 'AWS::Lambda::Function') return resource;
  const role = roleOfTemplate(resource.Properties?.Role);
  if (role === undefined) return resource;
  return toldTo(resource, { AWS_ENDPOINT_URL_BEDROCK: controlPlaneOf({ Ref: role }) });
}

function toldTo(fn: Resource, variables: Readonly<Record<string, unknown>>): Resource {
  const { Variables = {} } = (fn.Properties?.Environment ?? {}) as { Variables?: object };
  return { ...fn, Properties: { ...fn.Properties, Environment: { Variables: { ...Variables, ...variables } } } };
}

function roleOfTemplate(role: unknown): string | undefined {
  const attribute = (role as { 'Fn::GetAtt'?: unknown } | undefined)?.['Fn::GetAtt'];
  return Array.isArray(attribute) && typeof attribute[0] === 'string' ? attribute[0] : undefined;
}
