import { awscdk, javascript } from 'projen';
import { ContractFiles } from './projenrc/contract-files';
import { RuntimePackage } from './projenrc/runtime-package';
import { ProjectTasks } from './projenrc/tasks';

/** aws-cdk-lib: npm is ahead of PyPI; the wheel needs a version that both have. */
const CDK_VERSION = '2.275.0';
const AWS_SDK_VERSION = '3.1162.0';
const POWERTOOLS_VERSION = '2.36.0';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-plumbline',
  description: 'AWS CDK constructs that keep GenAI services on Amazon Bedrock and SageMaker from drifting apart',
  author: 'The Plumbline authors',
  authorAddress: 'https://github.com/cdk-plumbline',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-plumbline/cdk-plumbline.git',
  license: 'Apache-2.0',
  copyrightOwner: 'The Plumbline authors',
  keywords: ['aws-cdk', 'bedrock', 'sagemaker', 'genai', 'least-privilege', 'cdk-nag'],
  stability: 'experimental',
  defaultReleaseBranch: 'main',
  github: false,
  release: false,
  sampleCode: false,
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  depsUpgrade: false,

  cdkVersion: CDK_VERSION,
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  minNodeVersion: '20.16.0',
  peerDeps: ['cdk-nag@^3.0.2'],
  devDeps: [
    // The CDK's own tools. The `latest` tag of aws-cdk is 3.x, which refuses these assemblies.
    'aws-cdk@2.1148.1',
    '@aws-cdk/integ-runner@2.197.10',
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0',
    // Bundled into the Node layer.
    `@aws-sdk/client-bedrock@${AWS_SDK_VERSION}`,
    `@aws-sdk/client-bedrock-runtime@${AWS_SDK_VERSION}`,
    `@aws-sdk/client-sagemaker-runtime@${AWS_SDK_VERSION}`,
    `@aws-sdk/client-sts@${AWS_SDK_VERSION}`,
    `@aws-sdk/client-appconfigdata@${AWS_SDK_VERSION}`,
    '@smithy/node-http-handler',
    '@smithy/types',
    `@aws-lambda-powertools/logger@${POWERTOOLS_VERSION}`,
    `@aws-lambda-powertools/metrics@${POWERTOOLS_VERSION}`,
    '@types/aws-lambda',
    'esbuild@0.28.2',
    'rollup@4.68.8',
    'rollup-plugin-dts@6.5.1',
    // Their error classes are the source of the error mapping.
    `@aws-sdk/client-dynamodb@${AWS_SDK_VERSION}`,
    `@aws-sdk/client-s3@${AWS_SDK_VERSION}`,
    `@aws-sdk/client-secrets-manager@${AWS_SDK_VERSION}`,
    // Bundled into the library's own functions and into the command `plumbline`.
    `@aws-sdk/client-cloudwatch@${AWS_SDK_VERSION}`,
    `@aws-sdk/client-cloudwatch-logs@${AWS_SDK_VERSION}`,
    '@aws-sdk/client-codedeploy@3.1133.0', // The newest there is.
    `@aws-sdk/client-eventbridge@${AWS_SDK_VERSION}`,
    `@aws-sdk/client-kms@${AWS_SDK_VERSION}`,
    `@aws-sdk/client-lambda@${AWS_SDK_VERSION}`,
    `@aws-sdk/client-sns@${AWS_SDK_VERSION}`,
    `@aws-sdk/client-sqs@${AWS_SDK_VERSION}`,
    `@aws-sdk/client-ssm@${AWS_SDK_VERSION}`,
    // Bundled into the functions of the image platform. Two of Powertools' packages are one version behind the others.
    '@aws-lambda-powertools/batch@2.35.0',
    '@jsquash/jpeg@1.6.0',
    // Bundled into the command `plumbline`.
    'commander@14.0.3', // 15 wants a newer Node than this package does.
    'diff@8.0.4',
    'yaml@2.9.1',
    '@babel/parser@7.29.14',
    '@types/sarif@2.1.7',
    // Build tools, checks and tests.
    '@aws-cdk/aws-service-spec@0.1.167', // Which properties of a resource make CloudFormation replace it.
    'ajv@^8',
    'ajv-formats',
    'tsx',
    'fast-check',
    // Parts of jest that `test/support/jest` extends.
    ...['@jest/environment', '@jest/fake-timers', 'jest-mock', 'jest-runtime'].map(part => `${part}@^30.5.2`),
    '@microsoft/jest-sarif@1.0.0-beta.0', // The schema of SARIF 2.1.0.
    '@cloud-copilot/iam-simulate@0.1.173', // AGPL: development only
    '@smithy/eventstream-codec',
    '@stryker-mutator/core',
    '@stryker-mutator/jest-runner',
    'sharp@0.35.5', // Reads what the encoder of the image platform wrote.
    // What docs/unit-tests.md tells users of; jest is there already. Newer versions of vite want a newer Node than this package does.
    'aws-sdk-client-mock@4.1.0',
    'vite@6.4.6',
    'vitest@3.2.7',
    // Peers to measure against.
    '@middy/core',
    `@aws-lambda-powertools/tracer@${POWERTOOLS_VERSION}`,
  ],

  jest: true,
  jestOptions: {
    jestConfig: {
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      coverageProvider: 'v8',
      collectCoverage: false,
      testTimeout: 60_000,
      globalSetup: '<rootDir>/test/support/jest/before-all.ts',
      setupFiles: ['<rootDir>/test/support/jest/before-each-file.ts'],
      testEnvironment: '<rootDir>/test/support/jest/same-realm-environment.ts',
      runtime: '<rootDir>/test/support/jest/shared-modules-runtime.js',
      cacheDirectory: '<rootDir>/node_modules/.cache/jest',
    } as javascript.JestConfigOptions,
    junitReporting: false,
  },
  eslintOptions: {
    dirs: ['src'],
    ignorePatterns: ['*.js', '*.d.ts', 'node_modules/', 'src/contract/data.ts'],
    devdirs: ['test', 'integ', 'build-tools', 'runtime', 'local-stage', 'examples', 'bench', 'projenrc', 'cli'],
    projectService: false,
    tsconfigPath: './tsconfig.json',
  },
  // Tools take tsconfig.json by themselves: it is the one with the paths to the sources. jsii, which refuses paths, has its own.
  tsconfig: { fileName: 'tsconfig.jsii.json' },
  tsconfigDevFile: 'tsconfig.json',
  tsconfigDev: {
    compilerOptions: { resolveJsonModule: true, skipLibCheck: true },
    include: [
      'src/**/*.ts', 'test/**/*.ts', 'integ/**/*.ts', 'build-tools/**/*.ts', 'runtime/**/*.ts',
      'local-stage/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts', 'projenrc/**/*.ts', 'cli/**/*.ts', '.projenrc.ts',
    ],
  },
  docgen: true,

  publishToPypi: { distName: 'cdk-plumbline', module: 'cdk_plumbline' },

  gitignore: [
    '/.venv/', '/.stryker-tmp/', 'cdk.out/', '/.local-stage/', '/assets/', '/cdk.context.json', '__pycache__/', '*.pyc', '/integ/**/*.js',
  ],
});

// The newest platform packages of unrs-resolver are missing from the registry, which breaks `npm ci`.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
project.package.addBin({ plumbline: 'assets/cli/plumbline.js' });
project.package.addField('homepage', 'https://github.com/cdk-plumbline/cdk-plumbline');

const OWN_FOLDERS = ['integ', 'build-tools', 'projenrc', 'cli', 'local-stage', 'examples', 'bench', '.ci', '.venv'];
for (const path of [...OWN_FOLDERS, 'cdk.out', '.local-stage']) {
  project.addPackageIgnore(`/${path}/`);
}

// What does not fit beside its neighbour is not read. Strings and comments count too: they are what grows.
project.eslint?.addRules({ '@stylistic/max-len': ['error', { code: 140, ignoreUrls: true }] });

new ContractFiles(project);
new RuntimePackage(project);
new ProjectTasks(project);

project.synth();
