import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const README = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');

function block(name: string): string {
  const found = new RegExp(`<!-- readme:${name} -->\\s*\`\`\`\\w+\\n([^]*?)\`\`\``).exec(README);
  if (!found) throw new Error(`README.md has no block readme:${name}`);
  return found[1];
}

/** Runs the README's stack and gives its only template. */
function templateOf(source: string): Template {
  const { outputText } = transpileModule(source, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
  const app = new Function('require', 'exports', `${outputText}\nreturn app;`)(require, {}) as App;
  return Template.fromStack(app.node.children.find(Stack.isStack) as Stack);
}

test('the TypeScript stack of the README synthesises with the checks on', () => {
  const template = templateOf(block('typescript'));
  template.resourceCountIs('AWS::Lambda::Function', 1);
  template.hasResourceProperties('AWS::ApiGateway::Method', { HttpMethod: 'POST' });
  expect(block('typescript').trim().split('\n').filter(line => line.trim() !== '').length).toBeLessThanOrEqual(20);
});

test('the README names no command that package.json does not have', () => {
  const { scripts } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const commands = [...README.matchAll(/npm (?:run )?(demo|test|bench|\w+:\w+)\b/g)].map(([, command]) => command);
  expect(commands).toContain('demo');
  expect(commands.filter(command => !scripts[command])).toEqual([]);
});
