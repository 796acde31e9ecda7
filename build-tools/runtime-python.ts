import { readdirSync } from 'fs';
import { join } from 'path';
import { tryInterpreter, virtualEnvironment } from './virtual-environment';

/** Those of Lambda that the runtime runs on, oldest first. */
const VERSIONS: readonly string[] = ['3.11', '3.12', '3.13', '3.14'];

/** The oldest Python of Lambda's that this machine has: what the runtime is checked with. */
export const oldestPython = (): string => firstOf(VERSIONS);

/** The newest Python of Lambda's that this machine has. */
export const newestPython = (): string => firstOf([...VERSIONS].reverse());

function firstOf(versions: readonly string[]): string {
  const first = versions.find(version => tryInterpreter(version) !== undefined);
  if (!first) throw new Error(`This machine has no Python of ${VERSIONS.join(', ')}: install one, with pyenv or from python.org`);
  return first;
}

/** The directory with the programs of a virtual environment that holds what the Python runtime is tested with. */
export function runtimePython(version = oldestPython()): string {
  return join(virtualEnvironment('runtime', version), 'bin');
}

/** The same for mutation testing, which needs more: on the newest Python, since mutmut's threads crash 3.11. */
export function mutationPython(): string {
  return join(virtualEnvironment('mutation', newestPython()), 'bin');
}

/** A Python with Lambda's own runtime interface client and boto3, and nothing of ours. */
export function lambdaPython(version: string): string {
  return join(virtualEnvironment('client', version), 'bin', 'python');
}

/** The program that finds faults in shell scripts. */
export const shellcheck = (): string => join(virtualEnvironment('shell', oldestPython()), 'bin', 'shellcheck');

/** The program that finds faults in templates. */
export const cfnLintProgram = (): string => join(virtualEnvironment('lint', oldestPython()), 'bin', 'cfn-lint');

/** A Python with all that the library's wheel depends on. */
export const wheelPython = (): string => join(virtualEnvironment('wheel', oldestPython()), 'bin', 'python');

/** The interpreters of those of Lambda's versions that this machine has. */
export const lambdaInterpreters = (): readonly string[] => VERSIONS.flatMap(version => tryInterpreter(version) ?? []);

/** Where the packages lie that the layer of the Python runtime holds. */
export function layerPackages(): string {
  const libraries = join(virtualEnvironment('layer', newestPython()), 'lib');
  return join(libraries, readdirSync(libraries)[0], 'site-packages');
}

if (require.main === module) console.log(runtimePython(process.argv[2]));
