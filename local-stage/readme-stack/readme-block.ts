import { readFileSync } from 'fs';
import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const README = join(__dirname, '..', '..', 'README.md');

/** The code that stands in the README under `<!-- readme:name -->`. */
export function readmeBlock(name: string): string {
  const found = new RegExp(`<!-- readme:${name} -->\\s*\`\`\`\\w+\\n([^]*?)\`\`\``).exec(readFileSync(README, 'utf8'));
  if (!found) throw new Error(`README.md has no block readme:${name}`);
  return found[1];
}

/** Runs the README's TypeScript stack as it is written, and gives its app. */
export function runReadmeStack(): App {
  const { outputText } = transpileModule(readmeBlock('typescript'), {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
  });
  return new Function('require', 'exports', `${outputText}\nreturn app;`)(require, {}) as App;
}
