import { Construct } from 'constructs';
import { deepLearningContainer } from './deep-learning-container';
import { ModelImage } from './model-config';
import { ModelServer } from './model-server';
import { SAGEMAKER_MODELS } from '../contract/data';
import { teachingError } from '../standards/teaching-error';

/** A server, its image, and the words in which it is told what to serve. */
export interface ServerContainer {
  readonly server: ModelServer;
  readonly image: ModelImage;
  readonly inferenceAmiVersion: string;
  readonly variables: {
    readonly model: string;
    readonly revision: string;
    readonly gpus: string;
    readonly contextTokens: string;
    readonly inputTokens?: string;
    readonly token: string;
  };
}

export function serverContainer(scope: Construct, server: ModelServer = ModelServer.VLLM): ServerContainer {
  const { byName } = SAGEMAKER_MODELS.servers;
  if (!Object.hasOwn(byName, server)) {
    throw teachingError(scope, {
      problem: 'There is no such server',
      given: server,
      allowed: Object.keys(ModelServer).map(name => `ModelServer.${name}`).join(', '),
      fix: 'server: ModelServer.VLLM',
    });
  }
  const { title, image, inferenceAmiVersion, variables } = byName[server];
  return { server, image: deepLearningContainer(scope, { title, image, regionsWithout: [] }), inferenceAmiVersion, variables };
}
