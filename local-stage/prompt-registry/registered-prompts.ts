import { join } from 'path';

/** The prompt of the registry, the environment that has it, and its file, as a team keeps it in Git. */
export const REGISTERED = {
  environment: 'incidents',
  id: 'manga_system',
  version: '1.0.0',
  folder: join(__dirname, 'prompts'),
  file: join(__dirname, 'prompts', 'manga_system.prompt.md'),
};
