import {
  CfnInternetGateway, CfnRoute, CfnSubnet, CfnSubnetRouteTableAssociation, CfnVPCEndpoint,
} from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { referencesIn } from './references';
import { isRegion } from '../../contract/regions';
import { AppAtSynth } from '../app-at-synth';

/**
 * The services that have an endpoint in the VPC of these subnets, when the subnets have no way out of it: what stands behind the Region
 * in the name of the endpoint, such as `sts`, `sagemaker.api` or `ecr.api`.
 *
 * Undefined where there may be one, or where it is not known: subnets that are imported or known only at deployment, a route that leads
 * to anything but the internet gateway, which needs a public address, and an endpoint that does not say what it is for.
 */
export function onlyEndpointsOf(scope: IConstruct, subnetIds: unknown): string[] | undefined {
  const subnets = subnetsOf(scope, subnetIds);
  if (subnets.length === 0) return undefined;
  const app = AppAtSynth.of(scope);
  return subnets.every(subnet => isClosed(subnet, app)) ? endpointServices(subnets[0], app) : undefined;
}

/** None when one of them is no resource of the app. */
function subnetsOf(scope: IConstruct, ids: unknown): CfnSubnet[] {
  if (!Array.isArray(ids)) return [];
  const found = ids.map(id => referencesIn(scope, id).find(target => target instanceof CfnSubnet));
  return found.every(subnet => subnet !== undefined) ? found : [];
}

/** Whether all routes of a subnet are known, and none leads out of the VPC. */
function isClosed(subnet: CfnSubnet, app: AppAtSynth): boolean {
  const tables = app.ofType(CfnSubnetRouteTableAssociation.CFN_RESOURCE_TYPE_NAME)
    .filter(resource => resource instanceof CfnSubnetRouteTableAssociation)
    .filter(association => refersTo(association, association.subnetId, subnet))
    .flatMap(association => referencesIn(association, association.routeTableId));
  const routes = app.ofType(CfnRoute.CFN_RESOURCE_TYPE_NAME)
    .filter(resource => resource instanceof CfnRoute)
    .filter(route => tables.some(table => refersTo(route, route.routeTableId, table)));
  return tables.length > 0 && !routes.some(leadsOut);
}

function leadsOut(route: CfnRoute): boolean {
  return !referencesIn(route, route.gatewayId).some(target => target instanceof CfnInternetGateway);
}

/** What the interface endpoints of a subnet's VPC are for; undefined when one of them does not say. */
function endpointServices(subnet: CfnSubnet, app: AppAtSynth): string[] | undefined {
  const [vpc] = referencesIn(subnet, subnet.vpcId);
  const names = app.ofType(CfnVPCEndpoint.CFN_RESOURCE_TYPE_NAME)
    .filter(resource => resource instanceof CfnVPCEndpoint)
    .filter(endpoint => !vpc || refersTo(endpoint, endpoint.vpcId, vpc))
    .map(endpoint => tryService(lastText(app.properties(endpoint).ServiceName)));
  return names.every(name => name !== undefined) ? names : undefined;
}

/** The name's rest behind the Region, which is no part of `text` where it is a token. */
function tryService(text: string): string | undefined {
  const parts = text.split('.');
  const named = parts.slice(parts.findIndex(isRegion) + 1).filter(part => part !== '').join('.');
  return parts.length > 1 && /^[a-z0-9.-]+$/.test(named) ? named.replace(/-fips$/, '') : undefined;
}

/** How a text ends, as far as it is known: the Region stands in its middle. */
function lastText(value: unknown): string {
  if (typeof value === 'string') return value;
  const [, parts] = (value as { readonly 'Fn::Join'?: [string, unknown[]] } | undefined)?.['Fn::Join'] ?? [];
  const last = parts?.at(-1);
  return typeof last === 'string' ? last : '';
}

function refersTo(scope: IConstruct, value: unknown, target: IConstruct): boolean {
  return referencesIn(scope, value).includes(target);
}
