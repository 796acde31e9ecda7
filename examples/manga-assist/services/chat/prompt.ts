import { createHash } from 'crypto';
import type { PromptIdentity } from 'cdk-plumbline/runtime';

const TEMPLATE = 'You are the assistant of a manga shop. Answer in at most three sentences.\n\nCustomer: {{message}}';

/** The text of one request, and which prompt it is. */
export function compilePrompt(message: string): { text: string; identity: PromptIdentity } {
  const text = TEMPLATE.replace('{{message}}', () => message);
  return {
    text,
    identity: { promptId: 'manga_system', promptVersion: '1.0.0', promptHash: createHash('sha256').update(text).digest('hex') },
  };
}
