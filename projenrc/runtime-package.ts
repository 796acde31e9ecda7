import { readFileSync } from 'fs';
import { join } from 'path';
import { awscdk, Component, JsonFile, TextFile } from 'projen';

const LAYER_MODULE = 'assets/runtime/node-layer/nodejs/plumbline';
const TYPES = 'assets/runtime/types/index.d.ts';
const TYPED_CONTRACT = 'runtime/node/src/contract.ts';

/** What the runtime knows of the contract. The bundler drops what a file does not use. */
const CONTRACT_FILES = ['client-policy', 'error-codes', 'metric-catalog', 'prompt-registry', 'runtime-environment'];

/** `cdk-plumbline/runtime` as users and this project's own examples import it, and the contract as the runtime reads it. */
export class RuntimePackage extends Component {
  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);

    new JsonFile(project, 'runtime/package.json', {
      obj: {
        name: 'cdk-plumbline/runtime',
        private: true,
        main: `../${LAYER_MODULE}/index.js`,
        module: `../${LAYER_MODULE}/index.mjs`,
        types: `../${TYPES}`,
      },
    });

    // Node finds a folder's package.json for `require` only; `import` needs the exports map. The last line keeps every file reachable.
    project.package.addField('exports', {
      '.': { types: './lib/index.d.ts', default: './lib/index.js' },
      './runtime': { types: `./${TYPES}`, import: `./${LAYER_MODULE}/index.mjs`, default: `./${LAYER_MODULE}/index.js` },
      './*': './*',
    });

    project.addPackageIgnore('/runtime/node/');

    // Examples and tests read the sources, so that neither needs a build.
    project.tsconfigDev.file.addOverride('compilerOptions.paths', {
      'cdk-plumbline': ['./src/index.ts'],
      'cdk-plumbline/runtime': ['./runtime/node/src/index.ts'],
    });
    project.jest?.addModuleNameMappers({
      '^cdk-plumbline$': '<rootDir>/src/index.ts',
      '^cdk-plumbline/runtime$': '<rootDir>/runtime/node/src/index.ts',
    });

    this.writeTypedContract();
    this.writeTypesProject();
    project.eslint?.addIgnorePattern(TYPED_CONTRACT);
    // Else ESLint takes runtime/package.json for the package whose dependencies count.
    project.eslint?.addOverride({
      files: ['runtime/**/*.ts'],
      rules: { 'import/no-extraneous-dependencies': ['error', { devDependencies: true, packageDir: '.' }] },
    });
  }

  /** TypeScript widens imported JSON to `string`; the names of codes and metrics must stay literal types. */
  private writeTypedContract(): void {
    const file = new TextFile(this.project, TYPED_CONTRACT, { committed: true, readonly: true });
    file.addLine(`// ${file.marker}`);
    file.addLine('// Source: contract/*.json. Change the JSON, then run `npx projen`.');
    for (const name of CONTRACT_FILES) this.addConstant(file, name, this.contract(name));
    this.addConstant(file, 'iam-probe', this.contract('bedrock-role').probe);
  }

  private writeTypesProject(): void {
    new JsonFile(this.project, 'runtime/node/tsconfig.json', {
      obj: {
        extends: '../../tsconfig.json',
        compilerOptions: {
          rootDir: 'src',
          outDir: '../../assets/runtime/types',
          declaration: true,
          emitDeclarationOnly: true,
          inlineSourceMap: false,
          inlineSources: false,
          stripInternal: true,
          types: ['node', 'aws-lambda'],
        },
        files: ['src/index.ts'],
        include: [],
      },
    });
  }

  private addConstant(file: TextFile, name: string, data: unknown): void {
    file.addLine('');
    file.addLine(`export const ${name.toUpperCase().replace(/-/g, '_')} = ${JSON.stringify(data, null, 2)} as const;`);
  }

  private contract(name: string): Record<string, unknown> {
    const data = JSON.parse(readFileSync(join(this.project.outdir, 'contract', `${name}.json`), 'utf8'));
    delete data.$schema;
    return data;
  }
}
