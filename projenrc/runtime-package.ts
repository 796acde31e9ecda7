import { awscdk, Component, JsonFile } from 'projen';

const LAYER_MODULE = 'assets/runtime/node-layer/nodejs/plumbline';
const TYPES = 'assets/runtime/types/index.d.ts';

/** `cdk-plumbline/runtime` as users and this project's own examples import it. */
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

    for (const sources of ['node', 'python', 'functions']) project.addPackageIgnore(`/runtime/${sources}/`);

    // Examples and tests read the sources, so that neither needs a build.
    project.tsconfigDev.file.addOverride('compilerOptions.paths', {
      'cdk-plumbline': ['./src/index.ts'],
      'cdk-plumbline/runtime': ['./runtime/node/index.ts'],
    });
    project.jest?.addModuleNameMappers({
      '^cdk-plumbline$': '<rootDir>/src/index.ts',
      '^cdk-plumbline/runtime$': '<rootDir>/runtime/node/index.ts',
    });

    this.writeTypesProject();
    // Else ESLint takes runtime/package.json for the package whose dependencies count.
    project.eslint?.addOverride({
      files: ['runtime/**/*.ts'],
      rules: { 'import/no-extraneous-dependencies': ['error', { devDependencies: true, packageDir: '.' }] },
    });
  }

  private writeTypesProject(): void {
    new JsonFile(this.project, 'runtime/node/tsconfig.json', {
      obj: {
        extends: '../../tsconfig.jsii.json',
        compilerOptions: {
          rootDir: '../..',
          outDir: '../../assets/runtime/types',
          declaration: true,
          emitDeclarationOnly: true,
          inlineSourceMap: false,
          inlineSources: false,
          stripInternal: true,
          types: ['node', 'aws-lambda'],
        },
        files: ['index.ts'],
        include: [],
      },
    });
  }
}
