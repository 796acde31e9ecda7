import { IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { informOfCost } from './endpoint-cost';
import { EndpointInstanceOptions } from './endpoint-instance-options';
import { createModel } from './endpoint-model';
import { EndpointNetwork } from './endpoint-network';
import { createExecutionRole } from './execution-role';
import { GenAiModel } from './gen-ai-model';
import { InstanceLimits } from './instance-limits';
import { givenInstanceType, requireInstanceTypes } from './instance-pools';
import { requireFittingKey, requireFittingLateType } from './instance-type';
import { ModelConfig } from './model-config';
import { Serving } from './serving';

/** What a variant of an endpoint is. */
export interface VariantOptions extends EndpointInstanceOptions {
  readonly name: string;
  readonly weight: number;
  readonly model: GenAiModel;
  readonly limits: InstanceLimits;
  /** Whether it has all the traffic. */
  readonly isOnly: boolean;
}

/** What all variants of an endpoint have in common. */
export interface SharedOptions {
  readonly serving: Serving;
  readonly logGroup: ILogGroup;
  readonly network?: EndpointNetwork;
  readonly key?: IKey;
  readonly isolated?: boolean;
  readonly canBeStopped: boolean;
}

/** A model that an endpoint hosts, with a role of its own: it may load this model and no other. */
export interface HostedVariant {
  readonly name: string;
  readonly weight: number;
  readonly model: ModelConfig;
  readonly cfnModel: CfnModel;
  readonly role: IRole;
  /** The best first. */
  readonly instanceTypes: readonly string[];
  readonly limits: InstanceLimits;
}

/** Makes the model of a variant in `scope`. */
export function hostVariant(scope: Construct, options: VariantOptions, shared: SharedOptions): HostedVariant {
  const { name, weight, limits, isOnly, pricePerHour } = options;
  const { serving, logGroup, network, key, isolated, canBeStopped } = shared;
  const model = options.model._bind(scope, givenInstanceType(scope, options));
  const instanceTypes = requireInstanceTypes(scope, model, options);
  for (const type of instanceTypes) {
    requireFittingKey(scope, { model, instanceType: type, key });
    requireFittingLateType(scope, { model, instanceType: type, key });
  }
  const [instanceType, ...fallbacks] = instanceTypes;
  const what = isOnly ? 'this endpoint' : `variant ${name} of this endpoint`;
  informOfCost(scope, { what, instanceType, fallbacks, limits, canBeStopped, given: pricePerHour });
  const role = createExecutionRole(scope, { model, network, logGroup, serving, encryptionKey: key });
  const ownNetwork = serving.kind === 'component' ? undefined : network;
  const cfnModel = createModel(scope, { model, role, instanceType, network: ownNetwork, isolated });
  return { name, weight, model, cfnModel, role, instanceTypes, limits };
}
