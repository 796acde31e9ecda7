import { Construct } from 'constructs';
import { hubModel } from './hub-model';
import { isKnownJumpStartModel, jumpStartModel } from './jump-start-model';
import { ModelConfig } from './model-config';
import { HuggingFaceModelOptions, ImageModelOptions, JumpStartModelOptions, S3ModelOptions } from './model-options';
import { huggingFaceModel, imageModel, s3Model } from './model-sources';

/** Where the model of a `GenAiEndpoint` comes from. */
export class GenAiModel {
  /**
   * A model of SageMaker JumpStart. One that the standard knows is resolved at synth; any other one when it is deployed, by a function
   * that reads JumpStart's public hub and may do nothing else.
   *
   * Errors: no id or version; of a known model, a version that is not the known one. At deployment: no such model or version, with the
   * nearest ones; a licence that is not accepted; an instance type that JumpStart does not list.
   *
   * @param modelId for example `huggingface-llm-falcon-7b-instruct-bf16`
   * @param version exact, for example `4.6.16`; or ending in `*`, for example `4.6.*`: the newest that matches, which the endpoint shows as
   * an output, and which stays until version or instance type are changed
   */
  public static jumpStart(modelId: string, version: string, options: JumpStartModelOptions = {}): GenAiModel {
    return new GenAiModel((scope, instanceType) => (isKnownJumpStartModel(modelId)
      ? jumpStartModel(scope, modelId, version) : hubModel(scope, { modelId, version, instanceType, ...options })));
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

  private constructor(private readonly configFor: (scope: Construct, instanceType?: string) => ModelConfig) {}

  /**
   * The model as the endpoint at `scope` needs it; errors name the endpoint.
   *
   * @internal
   */
  public _bind(scope: Construct, instanceType?: string): ModelConfig {
    return this.configFor(scope, instanceType);
  }
}
