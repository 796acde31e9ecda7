import { createRequire } from 'module';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { onDemand } from '../../build-tools/on-demand';

/** Something that a role can be let invoke. */
export interface Invokable {
  grantInvoke(role: IRole): unknown;
}

/** What both packages have in common: the second one is the origin of the first. */
export interface BedrockPackage {
  readonly BedrockFoundationModel: new (id: string, props: { supportsCrossRegion: boolean }) => Invokable;
  readonly CrossRegionInferenceProfile: { fromConfig(config: { geoRegion: string; model: Invokable }): Invokable };
  readonly CrossRegionInferenceProfileRegion: Readonly<Record<string, string>>;
  readonly ApplicationInferenceProfile: new (scope: Construct, id: string, props: ApplicationInferenceProfileProps) => Invokable;
}

/** The packages call the name differently. */
interface ApplicationInferenceProfileProps {
  readonly applicationInferenceProfileName: string;
  readonly inferenceProfileName: string;
  readonly modelSource: Invokable;
}

export interface Peer {
  readonly name: string;
  readonly version: string;
  readonly bedrock: BedrockPackage;
}

/** The constructs that others offer for the same work, installed when they are absent. */
export function bedrockRolePeers(): Peer[] {
  // Their peer dependencies are the project's own: a second aws-cdk-lib beside them would be slow, and another set of classes.
  process.env.npm_config_legacy_peer_deps = 'true';
  return [
    peer('@aws-cdk/aws-bedrock-alpha', '2.271.0-alpha.0', loaded => loaded as BedrockPackage),
    peer('@cdklabs/generative-ai-cdk-constructs', '0.1.318', loaded => (loaded as { bedrock: BedrockPackage }).bedrock),
  ];
}

function peer(name: string, version: string, bedrockOf: (loaded: unknown) => BedrockPackage): Peer {
  const manifest = onDemand({ name, version, proof: 'package.json' });
  return { name, version, bedrock: bedrockOf(createRequire(manifest)(name)) };
}
