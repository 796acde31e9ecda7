export { BedrockClientFactory, type BedrockClientProps } from './bedrock-client-factory';
export { withPrompt, type PromptIdentity } from './prompt-context';
