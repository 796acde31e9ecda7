import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { createProgram, flattenDiagnosticMessageText, getPreEmitDiagnostics, ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { alarmsOfIdleService } from '../local-stage/assembly/idle-service';
import type { Template as LocalTemplate } from '../local-stage/assembly/local-template';
import { readmeBlock, runReadmeStack } from '../local-stage/readme-stack/readme-block';

const ROOT = join(__dirname, '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

const readmeStack = (): Stack => runReadmeStack().node.children.find(Stack.isStack)!;

test('the TypeScript stack of the README synthesises with the checks on', () => {
  const template = Template.fromStack(readmeStack());
  template.resourceCountIs('AWS::Lambda::Function', 1);
  template.hasResourceProperties('AWS::ApiGateway::Method', { HttpMethod: 'POST' });
  expect(readmeBlock('typescript').trim().split('\n').filter(line => line.trim() !== '').length).toBeLessThanOrEqual(20);
});

test('the README\'s stack gives a new account the role that API Gateway needs to deploy it, and is warned of nothing', () => {
  const stack = readmeStack();
  Template.fromStack(stack).resourceCountIs('AWS::ApiGateway::Account', 1);
  expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
});

test('no alarm of the README\'s stack rings while nobody calls', () => {
  const template = Template.fromStack(readmeStack());
  template.resourceCountIs('AWS::CloudWatch::Alarm', 3);
  expect(alarmsOfIdleService(template.toJSON() as LocalTemplate)).toEqual([]);
});

test('the handler of the README compiles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'readme-handler-'));
  const file = join(folder, 'handler.ts');
  writeFileSync(file, readmeBlock('typescript-handler'));
  const program = createProgram([file], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ScriptTarget.ES2022,
    module: ModuleKind.CommonJS,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules', '@types')],
    paths: { 'cdk-plumbline/runtime': [join(ROOT, 'assets', 'runtime', 'types', 'index.d.ts')] },
  });
  const problems = getPreEmitDiagnostics(program).map(({ messageText }) => flattenDiagnosticMessageText(messageText, ' '));
  rmSync(folder, { recursive: true });
  expect(problems).toEqual([]);
});

test('the test of the checks on the page about operating fails with the finding that it names', () => {
  const page = readFileSync(join(ROOT, 'docs', 'operating.md'), 'utf8');
  const [, code] = /<!-- operating:typescript -->\n```ts\n([^]*?)```/.exec(page)!;
  const { outputText } = transpileModule(code, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
  const load = (name: string): unknown => jest.requireActual(name === 'cdk-plumbline' ? '../src' : name);
  jest.spyOn(console, 'error').mockReturnValue(undefined);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is the page's own code
  const run = new Function('require', 'exports', outputText) as (...args: unknown[]) => void;
  let message = '';
  try {
    run(load, {});
  } catch (error) {
    message = String(error);
  }
  jest.restoreAllMocks();
  expect(message).toMatch(/validation-report\.json$/);
  expect(readFileSync(message.split(' ').pop()!, 'utf8')).toContain('BedrockNoWildcard');
});

test('the README names no command that package.json does not have', () => {
  const { scripts } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const commands = [...README.matchAll(/npm (?:run )?(demo|test|bench|\w+:\w+)\b/g)].map(([, command]) => command);
  expect(commands).toContain('demo');
  expect(commands.filter(command => !scripts[command])).toEqual([]);
});
