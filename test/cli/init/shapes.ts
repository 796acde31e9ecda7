/** An app as people write them: its files, which of them makes the app, and a line that the standard brings. */
export interface Shape {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly entry: string;
  readonly applied: string;
}

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
const cdkJson = (app: string): string => JSON.stringify({ app }, null, 2);
const APPLIED = "Standards.apply(app, { product: 'Shop', environment: 'dev', checks: Checks.WARN });";
const PACKAGE = `{
  "name": "shop",
  "dependencies": {
    "aws-cdk-lib": "^2.200.0",
    "constructs": "^10.0.0"
  }
}
`;

function node(name: string, entry: string, source: string, further: Partial<Shape> & { readonly command?: string } = {}): Shape {
  const { command = `npx tsx ${entry}`, applied = APPLIED, files } = further;
  return { name, entry, applied, files: { 'cdk.json': cdkJson(command), 'package.json': PACKAGE, [entry]: source, ...files } };
}

const STAR = "import * as cdk from 'aws-cdk-lib';\nimport { Shop } from '../lib/shop';\n\n" +
      "const app = new cdk.App();\nnew Shop(app, 'Shop');\n";

export const NODE_SHAPES: readonly Shape[] = [
  node('cdk init', 'bin/shop.ts', `#!/usr/bin/env node\n${STAR}`, { command: 'npx ts-node --prefer-ts-exts bin/shop.ts' }),
  node('named import', 'bin/shop.ts', "import { App, Stack } from 'aws-cdk-lib';\nconst app = new App();\n" +
      "new Stack(app, 'S');\napp.synth();\n"),
  node('import on several lines, double quotes', 'bin/shop.ts',
    'import {\n  App,\n  Stack,\n} from "aws-cdk-lib";\n\nconst app = new App();\nnew Stack(app, "S");\n',
    { applied: 'Standards.apply(app, { product: "Shop", environment: "dev", checks: Checks.WARN });' }),
  node('without semicolons', 'bin/shop.ts', "import { App } from 'aws-cdk-lib'\n" +
      "import { Shop } from '../lib/shop'\n\nconst app = new App()\nnew Shop(app)\n",
  { applied: 'Checks.WARN })\n' }),
  node('Windows line ends', 'bin/shop.ts', crlf(STAR), { files: { 'package.json': crlf(PACKAGE) } }),
  node('a byte-order mark', 'bin/shop.ts', `\uFEFF${STAR}`),
  node('context of the App on several lines', 'bin/shop.ts',
    "import { App } from 'aws-cdk-lib';\n\nconst app = new App({\n  context: { a: '(', b: [1, 2] }, // new App(\n" +
      '});\n/* const app = new App(); */\n'),
  node('in a function, indented by tabs', 'src/main.ts',
    "import { App } from 'aws-cdk-lib';\n\nexport function main(): void {\n\tconst app: App = new App();\n\tapp.synth();\n}\nmain();\n",
    { applied: `\n\t${APPLIED}\n` }),
  node('indented by four in an asynchronous main', 'src/main.ts',
    "import * as cdk from 'aws-cdk-lib';\nasync function main() {\n    const shop = new cdk.App();\n    await 1;\n" +
      '    shop.synth();\n}\nvoid main();\n',
    { applied: '\n    Standards.apply(shop, {' }),
  node('another name for App', 'bin/shop.ts', "import { App as CdkApp } from 'aws-cdk-lib';\nexport const app = new CdkApp();\n"),
  node('import = require', 'bin/shop.ts', "import cdk = require('aws-cdk-lib');\nconst app = new cdk.App();\napp.synth();\n"),
  node('JavaScript with require', 'bin/shop.js', "const cdk = require('aws-cdk-lib');\nconst app = new cdk.App();\n" +
      "new cdk.Stack(app, 'S');\n",
  { command: 'node bin/shop.js' }),
  node('JavaScript, names out of require', 'bin/shop.js', "const { App, Stack } = require('aws-cdk-lib')\n" +
      "var app = new App()\nnew Stack(app, 'S')\n",
  { command: 'node bin/shop.js', applied: 'Checks.WARN })\n' }),
  node('a module of JavaScript', 'bin/shop.mjs', "import cdk from 'aws-cdk-lib';\nconst app = new cdk.App();\napp.synth();\n",
    { command: 'node bin/shop.mjs' }),
  node('compiled before it runs', 'bin/shop.ts', STAR, { command: 'npx tsc && node ./bin/shop.js' }),
  node('no line end at the end', 'bin/shop.ts', "import { App } from 'aws-cdk-lib';\nconst app = new App();"),
  node('regular expressions and templates that look like code', 'bin/shop.ts',
    "import { App } from 'aws-cdk-lib';\nconst slash = /['\"`(]/;\nconst text = `new App( ${'x'} '`;\n" +
      'const app = new App();\nvoid [slash, text, 4 / 2 / 1];\n'),
  node('packages in development, more of them, four spaces', 'bin/shop.ts', STAR, {
    files: {
      'package.json': '{\n    "devDependencies": {\n        "aws-cdk": "2",\n' +
      '        "aws-cdk-lib": "2.200.0",\n        "aws-sdk": "2",\n        "jest": "29"\n    }\n}',
    },
  }),
  node('packages on one line', 'bin/shop.ts', STAR, { files: { 'package.json': '{"name":"shop","dependencies":{"aws-cdk-lib":"2"}}' } }),
  node('the package is there already', 'bin/shop.ts', STAR, {
    files: { 'package.json': '{ "dependencies": { "aws-cdk-lib": "2", "cdk-plumbline": "1" } }' },
  }),
];

const PYTHON_APPLIED = 'Standards.apply(app, product="Shop", environment="dev", checks=Checks.WARN)';
const PYTHON = '#!/usr/bin/env python3\nimport os\n\nimport aws_cdk as cdk\n\nfrom shop.stack import Shop\n\n\n' +
      'app = cdk.App()\nShop(app, "Shop")\n\napp.synth()\n';

function python(name: string, source: string, further: Partial<Shape> & { readonly command?: string } = {}): Shape {
  const { command = 'python3 app.py', entry = 'app.py', applied = PYTHON_APPLIED, files } = further;
  return {
    name,
    entry,
    applied,
    files: {
      'cdk.json': cdkJson(command),
      ...files ?? {
        'requirements.txt': 'aws-cdk-lib==2.200.0\n' +
      'constructs>=10\n',
      },
      [entry]: source,
    },
  };
}

export const PYTHON_SHAPES: readonly Shape[] = [
  python('cdk init', PYTHON),
  python('named import on several lines', 'from aws_cdk import (\n    App,  # (\n    Stack,\n)\n\napp = App()\nStack(app, "S")\n'),
  python('single quotes, Windows line ends', crlf("from aws_cdk import App\n\napp = App()\napp.synth()\n\nNAMES = ['a', 'b']\n"),
    { applied: "product='Shop'", files: { 'requirements.txt': 'aws-cdk-lib>=2\r\nconstructs\r\n' } }),
  python('in main', '"""Makes new = App() of it."""\nfrom aws_cdk import App\n\n\ndef main() -> None:\n' +
      '    app: App = App(\n        context={"a": ")"},\n    )\n    app.synth()\n\n\nif __name__ == "__main__":\n    main()\n',
  { applied: `\n    ${PYTHON_APPLIED}\n` }),
  python('a module, run by poetry', 'import aws_cdk\n\napp = aws_cdk.App()\n', {
    command: 'poetry run python -m infra.app',
    entry: 'infra/app.py',
    files: { 'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.11"\naws-cdk-lib = "^2.200"\nconstructs = "*"\n' },
  }),
  python('uv and a list of packages', 'from aws_cdk import App as CdkApp\n\napp = CdkApp()', {
    command: 'uv run app.py',
    files: {
      'pyproject.toml': '[project]\nname = "shop"\ndependencies = [\n' +
      '    "aws-cdk-lib>=2.200",\n    "constructs",\n]\n',
    },
  }),
  python('setup.py', PYTHON, {
    command: '.venv\\Scripts\\python.exe app.py',
    files: { 'setup.py': "setup(install_requires=['aws-cdk-lib==2.200.0', 'constructs'])\n" },
  }),
  python('Pipfile without a last line end', `\uFEFF${PYTHON}`, { files: { Pipfile: '[packages]\naws-cdk-lib = "*"' } }),
  python('a continued import', 'from aws_cdk import Stack, \\\n    App\n\napp = App()  # the app\n'),
];
