import { DeployedStack } from '../deployed';
import { SynthResults } from './synth-cases';
import { BedrockStandIn } from '../emulator/bedrock-stand-in';
import { EmulatorClient } from '../emulator/emulator-client';
import { PromptPipeline } from '../prompt-registry/prompt-pipeline';

/** What the incidents are replayed on. */
export interface Stage {
  /** The example, as it was deployed. */
  readonly product: DeployedStack;
  /** The functions that the incidents happened to. */
  readonly incidents: DeployedStack;
  readonly client: EmulatorClient;
  readonly bedrock: BedrockStandIn;
  readonly pipeline: PromptPipeline;
  readonly synth: Promise<SynthResults>;
}

export const QUESTION = 'Is there a manga about cooks in space?';

/** The first lines of a long text, without its indentation. */
export function firstLines(text: string, count: number): string[] {
  return text.split('\n').map(line => line.trim()).filter(line => line !== '').slice(0, count);
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
