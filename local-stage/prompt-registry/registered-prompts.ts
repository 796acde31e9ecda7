import { join } from 'path';
import { ROOT } from '../system/project';

/** The folder of the example's prompts, as its team keeps them in Git. */
export const PROMPTS = join(ROOT, 'examples', 'manga-assist', 'prompts');

/** Where they serve, in the order of promotion. */
export const ENVIRONMENTS = ['staging', 'prod'];

/** Where customers are. */
export const PRODUCTION = 'prod';

/** The first version of each. */
export const FIRST = '1.0.0';
export const CHAT_PROMPT = 'manga_system';
export const BLURB_PROMPT = 'shop_blurb';

/** The second version of the chat's prompt. */
export const SECOND = '1.1.0';

export function fileOf(id: string): string {
  return join(PROMPTS, `${id}.prompt.md`);
}
