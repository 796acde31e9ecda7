import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { fileURLToPath } from 'url';
import { loadUserHandler, parseHandlerString } from '../../../runtime/node/handler/user-module';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'plumbline-module-'));
  const files: Record<string, string> = {
    'index.js': `
      exports.handler = () => "index"; exports.text = "text"; exports.deep = { er: () => "deeper" };
      exports.default = { only: () => "default" };`,
    'src/main.cjs': 'exports.handler = () => "main";',
    'plain': 'exports.handler = () => "no extension";',
    'both.js': 'exports.handler = () => "js";',
    'both.cjs': 'exports.handler = () => "cjs";',
    'folder/index.js': 'exports.handler = () => "folder";',
    'node_modules/packed/index.js': 'exports.handler = () => "packed";',
    'syntax.js': 'exports.handler = (',
    'needs.js': 'require("not-there");',
    'fn.js': 'module.exports = Object.assign(() => 1, { handler: () => "on a function" });',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
});
afterAll(() => rmSync(root, { recursive: true }));

/** As `import` gives a CommonJS module. Jest has no `import` of its own here; under the real client the function tests use it. */
const load = async (url: string): Promise<unknown> => {
  const exported = jest.requireActual<object>(fileURLToPath(url));
  return typeof exported === 'function' ? { default: exported } : {
    ...exported, default: (exported as { default?: unknown }).default ?? exported,
  };
};
const call = async (handlerString: string) => ((await loadUserHandler(handlerString, root, load)) as () => unknown)();

test.each([
  ['index.handler', 'index'], ['./index.handler', 'index'], ['index.deep.er', 'deeper'], ['index.only', 'default'],
  ['src/main.handler', 'main'], ['plain.handler', 'no extension'],
  ['both.handler', 'js'], ['folder.handler', 'folder'], ['packed.handler', 'packed'], ['fn.handler', 'on a function'],
])('%s is found', async (handlerString, expected) => expect(await call(handlerString)).toBe(expected));

test('an absolute path is one', async () => expect(await call(`${root}/src/main.handler`)).toBe('main'));

test.each([
  ['nothing.handler', 'Runtime.ImportModuleError', 'nothing'],
  ['needs.handler', 'Runtime.ImportModuleError', 'not-there'],
  ['syntax.handler', 'Runtime.UserCodeSyntaxError', 'SyntaxError'],
  ['index.main', 'Runtime.HandlerNotFound', 'index.main is undefined or not exported'],
  ['index.deep.est', 'Runtime.HandlerNotFound', 'index.deep.est is undefined or not exported'],
  ['index.text.length', 'Runtime.HandlerNotFound', 'index.text.length is undefined or not exported'],
  ['index.text', 'Runtime.HandlerNotFound', 'index.text is not a function'],
])('%s: %s', async (handlerString, name, message) => {
  await expect(call(handlerString)).rejects.toMatchObject({ name, message: expect.stringContaining(message) as string });
});

test.each([null, 'text', new Error('boom')])('what a module throws is passed on: %p', async thrown => {
  await expect(loadUserHandler('index.handler', root, () => Promise.reject(thrown as Error))).rejects.toBe(thrown);
});

test.each([
  'index', '', 'index.', '.handler', 'src/', '../index.handler', 'src/../index.handler',
])('"%s" is no handler name', handlerString => {
  expect(() => parseHandlerString(handlerString)).toThrow(expect.objectContaining({
    name: 'Runtime.MalformedHandlerName', message: `"${handlerString}" is no handler name; it should read as "folder/file.export"`,
  }) as Error);
});

test('a handler name has a folder, a module and exports', () => {
  expect(parseHandlerString('src/app/main.api.handler')).toEqual({ folder: 'src/app/', module: 'main', exports: ['api', 'handler'] });
});
