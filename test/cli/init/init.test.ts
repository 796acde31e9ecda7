import { execFileSync, spawnSync } from 'child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ScriptTarget, transpileModule } from 'typescript';
import { NODE_SHAPES, PYTHON_SHAPES, Shape } from './shapes';
import { UNDO_FILE } from '../../../cli/init/changes';
import { Workplace } from '../support/command';

/** The name of the folder is the name of the product. */
const SHOP = 'shop';
const STAR = NODE_SHAPES[0].files['bin/shop.ts'];

let place: Workplace;
beforeEach(() => { place = new Workplace(); });
afterEach(() => place.remove());

const SHAPES = [...NODE_SHAPES, ...PYTHON_SHAPES].map((shape, index) => [`${shape.entry}: ${shape.name}`, shape, index] as const);

/** Every file below the app, to the byte. */
function bytes(folder = SHOP): Record<string, string> {
  return Object.fromEntries(readdirSync(join(place.path, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .map((file): [string, string] => [file, readFileSync(file).toString('latin1')]).sort());
}

function write({ files }: Pick<Shape, 'files'>): void {
  for (const [file, text] of Object.entries(files)) place.write(`${SHOP}/${file}`, text);
}

const init = (...args: string[]) => place.runBelow(SHOP, 'init', ...args);
const rightsOf = (file: string): string => statSync(file).mode.toString(8).slice(-3);
const problemsOf = (file: string, text: string): unknown[] => transpileModule(text, {
  fileName: file, reportDiagnostics: true, compilerOptions: { target: ScriptTarget.ES2022, allowJs: true },
}).diagnostics!.map(({ messageText }) => messageText);

test('there are at least 25 shapes', () => expect(SHAPES.length).toBeGreaterThanOrEqual(25));

describe.each(SHAPES)('%s', (_name, shape) => {
  test('gets the lines in its own style, and undo gives the bytes from before', async () => {
    write(shape);
    const before = bytes();
    expect(await init('--yes')).toMatchObject({ code: 0 });
    const after = place.read(`${SHOP}/${shape.entry}`);
    expect(after).toContain(shape.applied);
    expect(after.match(/Standards\.apply/g)).toHaveLength(1);
    expect(/[^\r]\n/.test(after)).toBe(!shape.files[shape.entry].includes('\r\n'));
    const dependencies = Object.keys(shape.files).find(file => /package|require|toml|setup|Pipfile/.test(file))!;
    expect(place.read(`${SHOP}/${dependencies}`)).toMatch(/cdk-plumbline/);
    if (!shape.entry.endsWith('.py')) {
      expect(problemsOf(shape.entry, after)).toEqual([]);
      expect(JSON.parse(place.read(`${SHOP}/package.json`))).toBeTruthy();
    }
    expect(await init('--undo')).toMatchObject({ code: 0 });
    expect(bytes()).toEqual(before);
  });

  test('is shown as a diff that git applies to the same bytes', async () => {
    write(shape);
    const { out, told, code } = await init();
    expect([told, code]).toEqual([expect.stringContaining('plumbline init --yes'), 1]);
    const { stderr, status } = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: join(place.path, SHOP), input: `${out}\n` });
    expect([status, String(stderr)]).toEqual([0, '']);
    const applied = bytes();
    write(shape);
    await init('--yes');
    const { [join(place.path, SHOP, UNDO_FILE)]: _undo, ...written } = bytes();
    expect(written).toEqual(applied);
  });
});

test('what is written in Python is Python', async () => {
  const texts: string[] = [];
  for (const shape of PYTHON_SHAPES) {
    write(shape);
    await init('--yes');
    texts.push(place.read(`${SHOP}/${shape.entry}`));
    await init('--undo');
  }
  const parse = 'import ast, json, sys\nfor text in json.load(sys.stdin): ast.parse(text.encode())';
  expect(() => execFileSync('python3', ['-c', parse], { input: JSON.stringify(texts), stdio: 'pipe' })).not.toThrow();
});

test.each([
  ['no cdk.json, but one below', { 'infra/cdk.json': '{"app":"x"}' }, 'Run it in one of: infra.'],
  ['no app', { 'cdk.json': '{}' }, 'cdk.json has no "app"'],
  ['broken JSON', { 'cdk.json': '{' }, 'cdk.json is no JSON'],
  ['Java', { 'cdk.json': '{"app":"mvn -e -q compile exec:java"}' }, 'written in Java'],
  ['Go', { 'cdk.json': '{"app":"go mod download && go run shop.go"}' }, 'written in Go'],
  ['C#', { 'cdk.json': '{"app":"dotnet run --project src/Shop"}' }, 'written in C#'],
  ['a file that is not there', { 'cdk.json': '{"app":"npx tsx bin/gone.ts"}' }, 'names no file'],
])('%s is an error that changes nothing', async (_name, files, message) => {
  write({ files: files as Record<string, string> });
  const before = bytes();
  const { code, told } = await init('--yes');
  expect([code, told]).toEqual([2, expect.stringContaining(message)]);
  expect(bytes()).toEqual(before);
});

test.each([
  ['a class of its own', "import * as cdk from 'aws-cdk-lib';\nclass Mine extends cdk.App {}\nconst app = new Mine();\n", 'no App'],
  ['two apps', "import { App } from 'aws-cdk-lib';\nconst a = new App();\nconst b = new App();\n", 'more than one App'],
  ['an App without a name', "import { App } from 'aws-cdk-lib';\nnew App().synth();\n", 'not the value of a variable'],
  ['all on one line', "import { App } from 'aws-cdk-lib';\nconst app = new App(); app.synth();\n", 'more follows'],
  ['no CDK', "import { App } from './app';\nconst app = new App();\n", 'does not load aws-cdk-lib'],
  ['Standards of its own', "import { App } from 'aws-cdk-lib';\nclass Standards {}\nconst app = new App();\n", 'of its own'],
])('%s is refused with the lines to add by hand', async (_name, source, reason) => {
  write({ files: { ...NODE_SHAPES[0].files, 'bin/shop.ts': source } });
  const before = bytes();
  const { code, told } = await init('--yes');
  expect([code, told]).toEqual([2, expect.stringContaining(reason)]);
  expect(told).toContain("import { Checks, Standards } from 'cdk-plumbline';\nStandards.apply(app, {");
  expect(bytes()).toEqual(before);
});

test('an app with Standards is left as it is', async () => {
  const source = `import { Standards } from 'cdk-plumbline';\n${STAR}Standards.apply(app, {});\n`;
  write({ files: { ...NODE_SHAPES[0].files, 'bin/shop.ts': source } });
  const before = bytes();
  expect(await init('--yes')).toMatchObject({ code: 0, out: 'bin/shop.ts has Standards already: nothing is changed.' });
  expect(bytes()).toEqual(before);
});

test('a monorepo keeps the package where aws-cdk-lib stands', async () => {
  const { 'package.json': root, ...files } = NODE_SHAPES[0].files;
  write({ files });
  place.write('package.json', root);
  mkdirSync(join(place.path, '.git'));
  expect(await init('--yes')).toMatchObject({ code: 0 });
  expect(place.read('package.json')).toContain('"cdk-plumbline"');
  await init('--undo');
  expect(place.read('package.json')).toBe(root);
});

test('product and environment are those given, and must be names', async () => {
  write(NODE_SHAPES[0]);
  const { code, told } = await init('--product', "it's", '--yes');
  expect([code, told]).toEqual([2, expect.stringContaining('--product is "it\'s"')]);
  await init('--product', 'MangaAssist', '--environment', 'prod', '--yes');
  expect(place.read(`${SHOP}/bin/shop.ts`)).toContain("{ product: 'MangaAssist', environment: 'prod', checks: Checks.WARN }");
});

test('the baseline holds what an assembly holds, and goes with the rest', async () => {
  write(NODE_SHAPES[0]);
  const PolicyDocument = { Statement: [{ Effect: 'Allow', Action: 'bedrock:*', Resource: '*' }] };
  const policy = { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument } };
  place.write(`${SHOP}/cdk.out/t.template.json`, { Resources: { Policy: policy } });
  const before = bytes();
  expect(await init('--baseline', 'cdk.out', '--yes')).toMatchObject({ code: 0 });
  expect(place.read(`${SHOP}/plumbline-baseline.json`)).toContain('PlumblineChecks-BedrockNoWildcard[Action::bedrock:*]');
  await init('--undo');
  expect(bytes()).toEqual(before);
});

test('undo refuses what was changed since, names it, and changes nothing', async () => {
  write(NODE_SHAPES[0]);
  expect(await init('--undo')).toMatchObject({ code: 2, told: expect.stringContaining('nothing to undo') as unknown });
  await init('--yes');
  place.write(`${SHOP}/bin/shop.ts`, `${place.read(`${SHOP}/bin/shop.ts`)}// mine\n`);
  const changed = bytes();
  const { code, told } = await init('--undo');
  expect([code, told]).toEqual([2, expect.stringMatching(/^Changed since plumbline init, so nothing is undone: bin\/shop\.ts\.\n/)]);
  expect(bytes()).toEqual(changed);
});

test('a file that cannot be written leaves all as it was', async () => {
  write(NODE_SHAPES[0]);
  const before = bytes();
  // What is to be replaced is a folder by the time it is written.
  mkdirSync(join(place.path, SHOP, 'plumbline-baseline.json'));
  place.write(`${SHOP}/cdk.out/t.template.json`, { Resources: {} });
  await expect(init('--baseline', 'cdk.out', '--yes')).rejects.toThrow();
  expect(place.read(`${SHOP}/bin/shop.ts`)).toBe(NODE_SHAPES[0].files['bin/shop.ts']);
  expect(existsSync(join(place.path, SHOP, UNDO_FILE))).toBe(false);
  expect(Object.keys(before).every(file => existsSync(file))).toBe(true);
});

test('a file keeps its rights, and one that is not UTF-8 is refused', async () => {
  write(NODE_SHAPES[0]);
  const file = join(place.path, SHOP, 'bin/shop.ts');
  chmodSync(file, 0o755);
  await init('--yes');
  expect(rightsOf(file)).toBe('755');
  await init('--undo');
  expect(rightsOf(file)).toBe('755');
  writeFileSync(file, Buffer.from([...Buffer.from(STAR), 0xe9]));
  expect(await init('--yes')).toMatchObject({ code: 2, told: expect.stringContaining('not in UTF-8') as unknown });
});

test('JSON tells the files and whether they were changed', async () => {
  write(NODE_SHAPES[0]);
  const shown = await init('--json');
  expect([shown.code, JSON.parse(shown.out)]).toEqual([1, expect.objectContaining({
    language: 'typescript',
    entry: 'bin/shop.ts',
    applied: false,
    files: [
      { file: 'package.json', diff: expect.stringContaining('+    "cdk-plumbline"') as unknown },
      expect.objectContaining({ file: 'bin/shop.ts' }),
    ],
  })]);
  expect(JSON.parse((await init('--json', '--yes')).out)).toMatchObject({ applied: true });
  expect(JSON.parse((await init('--json', '--undo')).out)).toEqual({ undone: ['package.json', 'bin/shop.ts'] });
});
