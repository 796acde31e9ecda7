import { ACCOUNT } from './simulation';

export const GUARDRAIL_PROFILE = 'us.guardrail.v1:0';
/** By source Region, as the user guide has it. */
const US_GUARDRAIL_ROUTES: Record<string, string[]> = {
  'us-east-1': ['us-east-1', 'us-east-2', 'us-west-2'],
  'us-west-1': ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
  'us-west-2': ['us-east-1', 'us-east-2', 'us-west-2'],
};

export function partitionOf(region: string): string {
  return region.startsWith('us-gov-') ? 'aws-us-gov' : region.startsWith('cn-') ? 'aws-cn' : 'aws';
}

export function own(region: string, resource: string, service = 'bedrock'): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${ACCOUNT}:${resource}`;
}

export function guardrailOf(region: string): string {
  return own(region, 'guardrail/gr1');
}

/** The account of the organisation. */
export const ORGANISATION = '210987654321';

/** What the organisation enforces in a Region: a guardrail of its own, and one of the account. */
export function guardrailsInForce(region: string): string[] {
  return [`arn:${partitionOf(region)}:bedrock:${region}:${ORGANISATION}:guardrail/org1`, own(region, 'guardrail/acc1')];
}

/** Guardrails of the United States work across Regions in these tests, the others in their own. */
export function guardrailProfiles(region: string): string[] {
  return (US_GUARDRAIL_ROUTES[region] ?? []).map(destination => own(destination, `guardrail-profile/${GUARDRAIL_PROFILE}`));
}

export function foundationModel(region: string, id: string): string {
  return `arn:${partitionOf(region)}:bedrock:${region}::foundation-model/${id}`;
}
