import { CfnResource } from 'aws-cdk-lib';
import {
  CfnInternetGateway, CfnRoute, CfnSubnet, CfnSubnetRouteTableAssociation, CfnVPCEndpoint,
} from 'aws-cdk-lib/aws-ec2';
import { CfnFunction, Function } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { IamProbe } from './iam-probe';
import { IAM_PROBE } from '../contract/data';
import { referencesIn, resolvedProperties, resourcesOfApp } from '../standards/late-values/references';
import { Warning } from '../standards/warnings';

/** The services that a probe asks, as the names of their endpoints end. */
const PROBED = IAM_PROBE.actions.map(action => action.split(':')[0]);
const INVOCATIONS = 'bedrock-runtime';

/**
 * Warns of a probe that reaches nobody: in subnets without a way out of the VPC and without endpoints each start waits for it in vain.
 *
 * Nothing is said of subnets that are imported or known only at deployment, nor where a route leads to anything but the internet gateway,
 * which functions cannot use.
 */
export function findUnreachableProbe(fn: Function, probe: IamProbe): Warning | undefined {
  if (probe === IamProbe.NONE) return undefined;
  const subnets = subnetsOf(fn);
  if (subnets.length === 0) return undefined;
  const resources = resourcesOfApp(fn);
  if (!subnets.every(subnet => isClosed(subnet, resources))) return undefined;
  const endpoints = endpointServices(subnets[0], resources);
  const missing = [...PROBED, ...(probe === IamProbe.DEEP ? [INVOCATIONS] : [])].filter(service => !endpoints?.includes(service));
  if (!endpoints || missing.length === 0) return undefined;
  const lines = missing.map(service => {
    const name = service.toUpperCase().replaceAll('-', '_');
    return `vpc.addInterfaceEndpoint('${name}', { service: ec2.InterfaceVpcEndpointAwsService.${name} });`;
  });
  return {
    id: 'probeWithoutEndpoints',
    message: `The probe cannot reach ${missing.join(' and ')} from the function's subnets, which have no way out of the VPC: `
      + `each start takes ${IAM_PROBE.timeoutMs / 1000} s more and checks nothing. Add the endpoints, or set probe: IamProbe.NONE. `
      + lines.join(' '),
  };
}

/** The function's subnets; none when one of them is no resource of the app. */
function subnetsOf(fn: Function): CfnSubnet[] {
  const { vpcConfig } = fn.node.defaultChild as CfnFunction;
  const ids = (vpcConfig as CfnFunction.VpcConfigProperty | undefined)?.subnetIds;
  if (!Array.isArray(ids)) return [];
  const found = ids.map(id => referencesIn(fn, id).find(target => target instanceof CfnSubnet));
  return found.every(subnet => subnet !== undefined) ? found : [];
}

/** Whether all routes of a subnet are known, and none leads out of the VPC. */
function isClosed(subnet: CfnSubnet, resources: CfnResource[]): boolean {
  const tables = resources
    .filter(resource => resource instanceof CfnSubnetRouteTableAssociation)
    .filter(association => refersTo(association, association.subnetId, subnet))
    .flatMap(association => referencesIn(association, association.routeTableId));
  const routes = resources
    .filter(resource => resource instanceof CfnRoute)
    .filter(route => tables.some(table => refersTo(route, route.routeTableId, table)));
  return tables.length > 0 && !routes.some(leadsOut);
}

function leadsOut(route: CfnRoute): boolean {
  return !referencesIn(route, route.gatewayId).some(target => target instanceof CfnInternetGateway);
}

/** What the interface endpoints of a subnet's VPC are for; undefined when one of them does not say. */
function endpointServices(subnet: CfnSubnet, resources: CfnResource[]): string[] | undefined {
  const [vpc] = referencesIn(subnet, subnet.vpcId);
  const names = resources
    .filter(resource => resource instanceof CfnVPCEndpoint)
    .filter(endpoint => !vpc || refersTo(endpoint, endpoint.vpcId, vpc))
    .map(endpoint => /\.([a-z0-9-]+)$/.exec(lastText(resolvedProperties(endpoint).ServiceName))?.[1].replace(/-fips$/, ''));
  return names.every(name => name !== undefined) ? names : undefined;
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
