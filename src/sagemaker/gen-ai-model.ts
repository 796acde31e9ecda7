import { Construct } from 'constructs';
import { jumpStartModel } from './jump-start-model';
import { ModelConfig } from './model-config';
import { HuggingFaceModelOptions, ImageModelOptions, S3ModelOptions } from './model-options';
import { huggingFaceModel, imageModel, s3Model } from './model-sources';

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

  /**
   * A model of Hugging Face, which the container downloads when it starts: the endpoint has no network isolation, and an instance that
   * scaling adds needs Hugging Face to be there. For production, copy the files into a bucket and use `s3`.
   *
   * Errors: no id of a model, a revision that is no commit, an instance that the model does not fit.
   *
   * @param modelId for example `mistralai/Mistral-7B-Instruct-v0.2`
   */
  public static huggingFace(modelId: string, options: HuggingFaceModelOptions): GenAiModel {
    return new GenAiModel(scope => huggingFaceModel(scope, modelId, options));
  }

  /**
   * A model whose files lie in a bucket of yours.
   *
   * Errors: neither or both of prefix and archive, a bucket of another Region, an instance that the model does not fit.
   */
  public static s3(options: S3ModelOptions): GenAiModel {
    return new GenAiModel(scope => s3Model(scope, options));
  }

  /**
   * An image of yours, with or without model files in S3.
   *
   * Errors: the tag `latest`, a repository or bucket of another Region.
   */
  public static image(options: ImageModelOptions): GenAiModel {
    return new GenAiModel(scope => imageModel(scope, options));
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
