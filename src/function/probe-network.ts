import { CfnFunction, Function } from 'aws-cdk-lib/aws-lambda';
import { IamProbe } from './iam-probe';
import { IAM_PROBE } from '../contract/data';
import { onlyEndpointsOf } from '../standards/late-values/closed-subnets';
import { Warning } from '../standards/warnings';

/** The services that a probe asks, as the names of their endpoints end. */
const PROBED = IAM_PROBE.actions.map(action => action.split(':')[0]);
const INVOCATIONS = 'bedrock-runtime';

/**
 * Warns of a probe that reaches nobody: in subnets without a way out of the VPC and without endpoints each start waits for it in vain.
 *
 * Nothing is said where it may have a way that is not known here.
 */
export function findUnreachableProbe(fn: Function, probe: IamProbe): Warning | undefined {
  if (probe === IamProbe.NONE) return undefined;
  const { vpcConfig } = fn.node.defaultChild as CfnFunction;
  const endpoints = onlyEndpointsOf(fn, (vpcConfig as CfnFunction.VpcConfigProperty | undefined)?.subnetIds);
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
