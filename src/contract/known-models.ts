import { FOUNDATION_MODELS, GUARDRAILS, INFERENCE_PROFILES, MODEL_LIFECYCLE } from './data';
import { tryModelReference } from './model-reference';

/** Whether the contract knows a foundation model by its id, whatever its age. */
export function isKnownModel(id: string): boolean {
  const bare = withoutContextSize(id);
  const lifecycles: Readonly<Record<string, { readonly legacy: string; readonly successor?: string }>> = MODEL_LIFECYCLE.models;
  return (FOUNDATION_MODELS.models as readonly string[]).includes(bare)
    || Object.entries(lifecycles).some(([model, { successor }]) => model === bare || successor === bare)
    || GUARDRAILS.unguardable.some(({ models }) => (models as readonly string[]).includes(bare))
    || Object.keys(INFERENCE_PROFILES.profiles).some(profile => tryModelReference(profile)?.model === bare);
}

/** `amazon.nova-lite-v1:0:300k` is `amazon.nova-lite-v1:0` with another context size. */
export function withoutContextSize(id: string): string {
  return id.replace(/(:[0-9]+):[a-z0-9]+$/, '$1');
}
