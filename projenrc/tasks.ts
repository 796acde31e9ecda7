import { awscdk, Component } from 'projen';

const TSX = 'tsx';
const LAZY_INDEX = `${TSX} build-tools/lazy-index.ts`;

/** The project's own tasks: what `npm test`, `npm run demo` and the slower named tasks do. */
export class ProjectTasks extends Component {
  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);

    project.addTask('bundle:runtime', {
      description: 'Build the runtime layers and the functions of the library into assets/',
      exec: `${TSX} build-tools/bundle/main.ts`,
      receiveArgs: true,
    });
    project.preCompileTask.spawn(project.tasks.tryFind('bundle:runtime')!);
    const layer = `${TSX} build-tools/runtime-layer.ts`; // Builds it when it is absent or old: a task must work on a clean clone.

    // Before docgen, which reads the compiled library.
    project.postCompileTask.prependExec(LAZY_INDEX, { name: 'make index files load on first use' });

    project.addTask('package:python-runtime', {
      description: 'Build the wheel plumbline-runtime, for unit tests and containers, into dist/python-runtime/',
      exec: `${TSX} build-tools/runtime-wheel.ts`,
    });
    project.addTask('unit', { description: 'jest only', exec: 'jest', receiveArgs: true });
    project.addTask('demo', {
      description: 'The local stage: synthesise, check, deploy locally, call, replay the five incidents; --platforms shows the platforms',
      exec: `${TSX} local-stage/demo.ts`,
      receiveArgs: true,
    });
    // Without the CDK's own validation of templates, which takes four times as long as all else: cfn-lint reads these templates too.
    const integRunner = [
      // Fake ones spare the runner a search of seconds.
      'CDK_VALIDATION=false AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none AWS_REGION=us-east-1',
      'integ-runner --directory integ --language typescript --parallel-regions us-east-1',
      '--app "node -r tsx/cjs -r ./integ/support/snapshot-assembly.cjs {filePath}"',
    ].join(' ');
    const integ = project.addTask('integ', { description: 'Compare the integ cases with their snapshots; no account needed', exec: layer });
    integ.exec(integRunner);
    const update = project.addTask('integ:update', { description: 'Write the snapshots anew; no account needed', exec: layer });
    update.exec(`${integRunner} --dry-run --update-on-failed`);
    const mutation = `${TSX} build-tools/mutation/main.ts`;
    project.addTask('mutate', {
      description: 'Mutation testing of the Node runtime; PLUMBLINE_MUTANTS_ONE_IN=8 tries one in eight, and what is stopped goes on',
      env: { PLUMBLINE_GENERATED_RESULTS: '200' },
      exec: `${mutation} runtime`,
      receiveArgs: true,
    });
    project.addTask('mutate:governance', {
      description: 'Mutation testing of the checks and what they read policies with',
      env: { CDK_VALIDATION: 'false' },
      exec: `${mutation} governance`,
      receiveArgs: true,
    });
    project.addTask('mutate:bedrock', {
      description: 'Mutation testing of roles, grants and client policies',
      env: { CDK_VALIDATION: 'false' },
      exec: `${mutation} bedrock`,
      receiveArgs: true,
    });
    const mutatePython = project.addTask('mutate:python', {
      description: 'Mutation testing of the Python runtime; PLUMBLINE_MUTANTS_ONE_IN=12 runs one mutant in twelve',
      exec: `${TSX} build-tools/mutation/python-runtime.ts`,
    });
    const nightly = project.addTask('nightly', {
      description: 'A million generated errors and results through the handlers of both languages, 20,000 combinations of a role',
      env: { PLUMBLINE_GENERATED_RESULTS: '1000000', PLUMBLINE_DIFFERENTIAL_CASES: '100000', PLUMBLINE_ROLE_COMBINATIONS: '20000' },
      exec: 'jest test/runtime/handler/generated-results test/bedrock/least-privilege',
    });
    nightly.exec(`${TSX} build-tools/generated-python.ts`);
    nightly.exec(`${TSX} local-stage/demo.ts --platforms`);
    nightly.spawn(mutatePython);
    nightly.spawn(project.addTask('prompt-histories', {
      description: '2,000 generated histories of prompts through the registry, on the local AWS',
      env: { PLUMBLINE_REGISTRY_HISTORIES: '2000' },
      exec: `${TSX} bench/prompt-registry-model.ts`,
    }));
    const bench = project.addTask('bench', { description: 'Side-by-side benchmarks, of the library as it is published' });
    for (const task of [project.preCompileTask, project.compileTask]) bench.spawn(task);
    bench.exec(LAZY_INDEX);
    bench.exec(`${TSX} bench/main.ts`, { receiveArgs: true });
    project.addTask('newcomer', {
      description: 'Every command that the repository offers, on a fresh copy of the last commit',
      exec: `${TSX} build-tools/newcomer.ts`,
      receiveArgs: true,
    });
    const soak = project.addTask('soak', {
      description: '20,000 calls, 200 at once, 2,000 starts, and freezes of two minutes: what they leave behind',
    });
    soak.exec(`${TSX} bench/soak.ts`);
    soak.exec(`${TSX} bench/starts.ts`);
    soak.exec('jest test/runtime/bedrock/retry/freeze', { env: { PLUMBLINE_FREEZE_SECONDS: '120' } });

    // Parts of a snapshot that change without a change of what is deployed.
    for (const part of ['asset.*', '*.metadata.json', 'tree.json', 'validation-report.json']) {
      project.gitignore.exclude(`/integ/*.snapshot/${part}`);
    }

    // Where older clones have the Python tools of `npm test`.
    project.gitignore.exclude('/.venv-tools/');
    project.addPackageIgnore('/.venv-tools/');
    // Nothing in the package refers to them.
    project.addPackageIgnore('/assets/runtime/source-maps/');

    project.testTask.reset(`${TSX} build-tools/run-tests.ts`, { receiveArgs: true });
  }
}
