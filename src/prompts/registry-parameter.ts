import { Stack } from 'aws-cdk-lib';
import { IEventBus } from 'aws-cdk-lib/aws-events';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { PromptStore, Registry } from './store';
import { PROMPT_REGISTRY } from '../contract/data';
import { physicalName } from '../contract/physical-name';
import { Standards } from '../standards/standards';

interface Told {
  readonly eventBus: IEventBus;
  /** Beside those of the contract. */
  readonly policyPhrases: readonly string[];
}

/** By what `plumbline prompts` finds a registry: where its parts are, and in which order prompts are promoted. */
export function registryParameter(
  scope: Construct, { environments, store, sandbox }: Registry, { eventBus, policyPhrases }: Told,
): StringParameter {
  return new StringParameter(scope, 'Whereabouts', {
    parameterName: `/${physicalName(Standards.of(scope))}/${PROMPT_REGISTRY.parameterName}`,
    simpleName: false,
    description: 'Where the prompt registry is',
    stringValue: Stack.of(scope).toJsonString({
      ...placeOf(store),
      signingKey: store.signingKey!.keyArn,
      eventBus: eventBus.eventBusName,
      environments,
      region: Stack.of(scope).region,
      ...policyPhrases.length > 0 && { policyPhrases },
      ...sandbox && { sandbox: placeOf(sandbox) },
    }),
  });
}

function placeOf({ bucket, table }: PromptStore): { bucket: string; table: string } {
  return { bucket: bucket.bucketName, table: table.tableName };
}
