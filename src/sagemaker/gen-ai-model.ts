import { Construct } from 'constructs';
import { jumpStartModel } from './jump-start-model';
import { ModelConfig } from './model-config';

/** Where the model of a `GenAiEndpoint` comes from. */
export class GenAiModel {
  /**
   * A model of SageMaker JumpStart that the standard knows.
   *
   * @param modelId for example `huggingface-llm-falcon-7b-instruct-bf16`
   * @param version exact, for example `4.6.16`; or ending in `*`, for example `4.6.*`: the newest known one that matches, which the
   * endpoint shows as an output and as a note at synth
   */
  public static jumpStart(modelId: string, version: string): GenAiModel {
    return new GenAiModel(scope => jumpStartModel(scope, modelId, version));
  }

  private constructor(private readonly configFor: (scope: Construct) => ModelConfig) {}

  /**
   * The model as the endpoint at `scope` needs it; errors name the endpoint.
   *
   * @internal
   */
  public _bind(scope: Construct): ModelConfig {
    return this.configFor(scope);
  }
}
