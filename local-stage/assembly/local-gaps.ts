import { Template } from './local-template';

/** Where the functions of the local deployment find the control plane of Bedrock, by the name of their role. */
export type ControlPlaneOf = (roleName: unknown) => unknown;

type Resource = Template['Resources'][string];

/** Bridges what the emulator does differently from AWS, in the local copy only. */
export function bridgeGaps(template: Template, controlPlaneOf: ControlPlaneOf): Template {
  const resources = Object.entries(template.Resources)
    .map(([logicalId, resource]) => [logicalId, withRoleToldToControlPlane(withKnownContextVariables(resource), controlPlaneOf)]);
  return { ...template, Resources: Object.fromEntries(resources) as Template['Resources'] };
}

/** The emulator substitutes the request's id, and leaves the name of the extended one as it stands. */
function withKnownContextVariables(resource: Resource): Resource {
  if (resource.Type !== 'AWS::ApiGateway::GatewayResponse') return resource;
  return JSON.parse(JSON.stringify(resource).replaceAll('$context.extendedRequestId', '$context.requestId')) as Resource;
}

/** All functions have the same credentials in the emulator; the control plane learns from the address whose permissions count. */
function withRoleToldToControlPlane(resource: Resource, controlPlaneOf: ControlPlaneOf): Resource {
  if (resource.Type !== 'AWS::Lambda::Function') return resource;
  const role = roleOfTemplate(resource.Properties?.Role);
  if (role === undefined) return resource;
  const { Variables = {} } = (resource.Properties?.Environment ?? {}) as { Variables?: object };
  const environment = { Variables: { ...Variables, AWS_ENDPOINT_URL_BEDROCK: controlPlaneOf({ Ref: role }) } };
  return { ...resource, Properties: { ...resource.Properties, Environment: environment } };
}

function roleOfTemplate(role: unknown): string | undefined {
  const attribute = (role as { 'Fn::GetAtt'?: unknown } | undefined)?.['Fn::GetAtt'];
  return Array.isArray(attribute) && typeof attribute[0] === 'string' ? attribute[0] : undefined;
}
