/**
 * Who may import whom: in each part, a folder and the folders it may import, `.` being the part's own folder.
 *
 * Beside these arrows a folder may import itself, and every folder the ground floor of its language and what is in it. A name with
 * a slash in front is a folder of another part. A folder that has no row here fails, and so does any other arrow.
 */
const PARTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'src': {
    'contract': '',
    'contract/gpu-fit': 'contract',
    'contract/iam': 'contract',
    'contract/prompts': 'contract',
    'contract/template': 'contract/iam',
    'standards': '',
    'standards/late-values': 'standards',
    'standards/identities': 'standards standards/late-values',
    'observability': 'standards standards/late-values',

    'bedrock/models': 'standards',
    'bedrock/abilities': 'standards standards/identities bedrock/models',
    'bedrock/role': 'standards standards/late-values standards/identities bedrock/models bedrock/abilities',
    'bedrock/client-policy': 'standards observability bedrock/models bedrock/abilities bedrock/role',
    'bedrock/enforcement': 'standards standards/late-values bedrock/abilities',
    'bedrock': 'bedrock/models bedrock/abilities bedrock/role bedrock/client-policy bedrock/enforcement',
    'sagemaker': 'standards standards/late-values standards/identities observability function',
    'api': 'standards standards/late-values standards/identities observability',
    'prompts': 'standards standards/late-values standards/identities observability',

    'function': 'standards standards/late-values standards/identities observability bedrock/role bedrock/client-policy'
      + ' api prompts',
    'platforms': 'standards standards/late-values observability bedrock/models bedrock/role bedrock/client-policy sagemaker api'
      + ' prompts function',

    // What runs functions of the library's own.
    'operations': 'standards standards/late-values standards/identities observability prompts function',

    'governance/pack/template': '',
    'governance/pack/policies': 'governance/pack/template',
    'governance/pack/workloads': 'governance/pack/template governance/pack/policies',
    'governance/pack/rules': 'governance/pack/template governance/pack/policies governance/pack/workloads',
    'governance/pack/constructs': 'standards governance/pack/template governance/pack/rules',
    'governance/pack': 'governance/pack/template governance/pack/rules governance/pack/constructs',
    'governance/organisation': 'standards',
    'governance': 'governance/pack governance/organisation',

    '.': 'standards observability bedrock sagemaker api prompts function operations platforms governance',
  },
  'runtime': {
    'node/telemetry': '',
    'node/probe': 'node/telemetry',
    'node/envelope': 'node/telemetry',
    'node/bedrock/retry': '',
    'node/bedrock/http': 'node/bedrock/retry',
    'node/bedrock/client': 'node/telemetry node/bedrock/retry node/bedrock/http',
    'node/bedrock': 'node/bedrock/client',
    'node/sagemaker': 'node/telemetry node/bedrock/retry node/bedrock/http node/bedrock/client',
    'node/prompts': 'node/telemetry node/envelope node/bedrock/retry node/bedrock/client',
    'node/handler/call': 'node/telemetry node/envelope',
    'node/handler/kinds': 'node/telemetry node/envelope node/handler/call',
    'node/handler': 'node/telemetry node/envelope node/handler/call node/handler/kinds',
    'node/handler/layer': 'node/telemetry node/envelope node/probe node/handler node/handler/call node/handler/kinds',
    'node': 'node/telemetry node/envelope node/bedrock node/bedrock/client node/sagemaker node/prompts node/handler',

    'functions/sdk': '',
    'functions/custom-resource': 'node',
    'functions/invocation-logging': 'node functions/sdk functions/custom-resource',
    'functions/jump-start-model': 'node functions/sdk functions/custom-resource',
    'functions/presence-gate': 'node functions/sdk',
    'functions/bypass-detector': 'node functions/sdk',
    'functions/platform': 'node',
    'functions/text-generation': 'node functions/platform',
    'functions/image-jobs': 'node functions/sdk functions/platform',
    'functions/image-worker': 'node functions/sdk functions/platform',
    'functions/prompt-drift-audit': 'node functions/sdk',

    // The same rooms, the same arrows; and what begins anew in a process, which nearly all of them tell.
    'python/plumbline/contract': '',
    'python/plumbline/lifecycle': '',
    'python/plumbline/telemetry': 'python/plumbline/lifecycle',
    'python/plumbline/probe': 'python/plumbline/telemetry',
    'python/plumbline/envelope': 'python/plumbline/telemetry',
    'python/plumbline/bedrock/retry': '',
    'python/plumbline/bedrock/http': 'python/plumbline/bedrock/retry',
    'python/plumbline/bedrock/client': 'python/plumbline/lifecycle python/plumbline/telemetry python/plumbline/bedrock/retry'
      + ' python/plumbline/bedrock/http',
    'python/plumbline/bedrock': 'python/plumbline/bedrock/client',
    'python/plumbline/sagemaker': 'python/plumbline/lifecycle python/plumbline/telemetry python/plumbline/bedrock/retry'
      + ' python/plumbline/bedrock/client',
    'python/plumbline/prompts': 'python/plumbline/lifecycle python/plumbline/telemetry python/plumbline/envelope'
      + ' python/plumbline/bedrock/retry python/plumbline/bedrock/client',
    'python/plumbline/handler/call': 'python/plumbline/telemetry python/plumbline/envelope',
    'python/plumbline/handler/kinds': 'python/plumbline/telemetry python/plumbline/envelope python/plumbline/handler/call',
    'python/plumbline/handler': 'python/plumbline/telemetry python/plumbline/envelope python/plumbline/handler/call'
      + ' python/plumbline/handler/kinds',
    'python/plumbline/handler/layer': 'python/plumbline/lifecycle python/plumbline/telemetry python/plumbline/envelope'
      + ' python/plumbline/probe python/plumbline/handler python/plumbline/handler/call',
    'python/plumbline': 'python/plumbline/telemetry python/plumbline/envelope python/plumbline/bedrock/client'
      + ' python/plumbline/sagemaker python/plumbline/prompts python/plumbline/handler',
    'python': 'python/plumbline python/plumbline/handler/layer',
  },
  // The rules are pure functions over templates: the command runs them as they are. Its bundle has to be free of the CDK.
  'cli': {
    'system': '',
    'aws': 'system',
    'check': 'system /src/governance/pack /src/governance/pack/template',
    'metrics/text': 'system',
    'metrics/references': 'system metrics/text',
    'metrics/migrate': 'system metrics/text metrics/references',
    'metrics/code': 'system',
    'metrics/names': 'system',
    'metrics/lint': 'system metrics/code metrics/names',
    'metrics/audit': 'system aws metrics/text metrics/references metrics/code metrics/names metrics/migrate metrics/lint',
    'metrics': 'system metrics/migrate metrics/lint metrics/audit',
    'init': 'system check',
    'models': 'system aws',
    'prompts/registry': 'system aws',
    'prompts': 'system aws prompts/registry',
    '.': 'system check init metrics models prompts',
  },
  'local-stage': {
    'system': '',
    'assembly': '',
    'report': 'assembly',
    'emulator': 'system /test/support/faulty-bedrock-server /test/support/sagemaker-fake',
    'container': 'system assembly report emulator',
    'readme-stack': '',
    'incident-stack/handlers': '',
    'incident-stack': 'emulator',
    'prompt-registry': 'system emulator /cli /cli/prompts',
    'incidents': '. system emulator incident-stack prompt-registry report /examples/manga-assist',
    'platforms': '. system assembly report emulator /test/support/sagemaker-fake /build-tools',
    '.': 'system assembly report emulator container prompt-registry incidents platforms /build-tools',
  },
  'build-tools': {
    'bundle': '.',
    'testing/steps': '. testing bundle',
    'testing': 'testing/steps',
    'newcomer': 'testing',
    'mutation/jest': '/test/support/jest',
    'mutation': '. bundle',
    '.': 'testing newcomer bundle',
  },
  'projenrc': { '.': '' },
};

/**
 * The one import that is made when it is needed and not before: checks bring cdk-nag with them, which an app without
 * checks must not load. It stands inside a function, so that nothing of src loads governance while it is loaded itself.
 */
export const DEFERRED = ['src/standards/checks-at-synth.ts → src/governance/pack/plumbline-checks.ts'];

/** In either language what the contract's JSON is read with. */
export const GROUND_FLOORS = ['src/contract', 'runtime/python/plumbline/contract'];

/** Folder → the folders it may import, each from the root of the project. */
export const ARROWS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(PARTS).flatMap(([part, folders]) => Object.entries(folders).map(([folder, targets]) =>
    [fromRoot(part, folder), targets.split(' ').filter(Boolean).map(target => fromRoot(part, target))] as const)),
);

/** The parts of the product. What builds, shows and tests them is no product. */
export const PRODUCT = ['contract', 'src', 'runtime', 'rules', 'cli', 'frontends'];

/** Every part whose folders have rows, or will have them as soon as it exists. */
export const PARTS_IN_TABLE = [...new Set([...PRODUCT, ...Object.keys(PARTS)])];

function fromRoot(part: string, folder: string): string {
  if (folder.startsWith('/')) return folder.slice(1);
  return folder === '.' ? part : `${part}/${folder}`;
}
