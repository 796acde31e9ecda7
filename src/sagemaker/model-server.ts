/** What serves a model that writes text. */
export enum ModelServer {
  /** vLLM in AWS's container, with the API of OpenAI: what to choose for anything new. */
  VLLM = 'vllm',
  /** Text Generation Inference, archived upstream: for callers that rely on its API. */
  TGI = 'tgi',
}
