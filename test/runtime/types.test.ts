import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '../..');
const TYPES = 'assets/runtime/types/index.d.ts';

let project: string;

/** A project that has the library and, like any Lambda project, the types of Node; what else is up to the test. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'plumbline-types-'));
  give('@types/node');
  give('undici-types');
  const library = join(project, 'node_modules/cdk-plumbline');
  mkdirSync(dirname(join(library, TYPES)), { recursive: true });
  writeFileSync(join(library, TYPES), readFileSync(join(ROOT, TYPES)));
  writeFileSync(
    join(library, 'package.json'),
    JSON.stringify({ name: 'cdk-plumbline', exports: { './runtime': { types: `./${TYPES}` } } }),
  );
});
afterEach(() => rmSync(project, { recursive: true }));

function give(name: string): void {
  const link = join(project, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), link);
}

function complaints(code: string): string[] {
  const file = join(project, 'index.ts');
  writeFileSync(file, code);
  const program = ts.createProgram([file], {
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
    lib: ['lib.es2022.d.ts'],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('a project without the SDK sees the client with every type, also when it checks the types of its libraries', () => {
  expect(complaints(`
    import { BedrockClientFactory } from 'cdk-plumbline/runtime';
    const client = BedrockClientFactory.create({ taskType: 'synthesis' });
    export const answer = async (): Promise<string | undefined> => {
      const { output } = await client.converse({ modelId: 'm', messages: [{ role: 'user', content: [{ text: 'Hello' }] }] });
      return output?.message?.content?.[0]?.text;
    };
    // @ts-expect-error -- no such command
    client.converseLoudly({});
    // @ts-expect-error -- a number is no model
    void client.converse({ modelId: 7, messages: [] });
    // @ts-expect-error -- no such task type
    BedrockClientFactory.create({ taskType: 'haiku' });
  `)).toEqual([]);
});

test('a project with the SDK can use one for the other', () => {
  give('@aws-sdk');
  give('@smithy');
  expect(complaints(`
    import { BedrockRuntime, BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
    import { BedrockClientFactory } from 'cdk-plumbline/runtime';
    const client = BedrockClientFactory.create({ taskType: 'synthesis' });
    export const clients: [BedrockRuntimeClient, BedrockRuntime] = [client, client];
    export const stop = async () => (await client.send(new ConverseCommand({ modelId: 'm', messages: [] }))).stopReason;
    export const fake: ReturnType<typeof BedrockClientFactory.create> = new BedrockRuntime({});
  `)).toEqual([]);
});
