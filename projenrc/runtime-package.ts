import { awscdk, Component, JsonFile } from 'projen';
import { contractData, TypedConstants } from './typed-constants';

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
    const constants = new TypedConstants(this.project, TYPED_CONTRACT);
    for (const name of CONTRACT_FILES) constants.add(name, contractData(this.project, name));
    constants.add('iam-probe', contractData(this.project, 'bedrock-role').probe);
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
}
