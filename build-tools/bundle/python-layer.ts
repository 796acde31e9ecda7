import { execFileSync } from 'child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { basename, join } from 'path';
import { BundleTarget, packageVersion, ROOT } from './target';
import { RUNTIME_ENVIRONMENT } from '../../src/contract/data';
import { lambdaInterpreters, layerPackages } from '../runtime-python';

const { asset: ASSET } = RUNTIME_ENVIRONMENT.layers.python;
const SOURCES = join(ROOT, 'runtime', 'python');
const LAYER = join(ROOT, ASSET);

/** Beside Python's own place for layers: there a second layer with the same package would be mixed with it, file by file. */
const PACKAGES = join(LAYER, 'plumbline-packages');
/** For type checkers, and for who installs packages; and half of Powertools, a web framework, which the runtime does not use. */
const NOT_NEEDED = /^(__pycache__|.*\.dist-info|.*\.pyi|py\.typed|event_handler)$/;

/** The layer of the Python runtime. Pure Python: one for every version and processor of Lambda. */
export const pythonLayer: BundleTarget = {
  name: 'python-layer',
  folders: [ASSET],
  build: () => {
    copyRuntime(join(LAYER, 'python'));
    copy(join(SOURCES, 'plumbline_layer.py'), join(LAYER, 'python', 'plumbline_layer.py'));
    const installed = layerPackages();
    for (const name of readdirSync(installed).filter(isOfLayer)) copy(join(installed, name), join(PACKAGES, name));
    lambdaInterpreters().forEach(compile);
  },
};

/**
 * Bytecode beside the sources, for each version of Python that this machine has. Nothing can be written to a layer in Lambda: without it
 * each start compiles all of it anew, which takes two thirds of the start. Unchecked: the files in a layer have not the times of the build.
 */
function compile(python: string): void {
  execFileSync(python, ['-m', 'compileall', '-q', '--invalidation-mode', 'unchecked-hash', '-s', LAYER, '-p', '/opt', LAYER]);
}

/** The package of the runtime, as it is shipped: with the contract, and with its version. */
export function copyRuntime(folder: string): void {
  cpSync(join(SOURCES, 'plumbline'), join(folder, 'plumbline'), { recursive: true, filter: path => basename(path) !== '__pycache__' });
  const contract = join(folder, 'plumbline', 'contract_data');
  writeContract(contract);
  writeFileSync(join(contract, 'version.txt'), packageVersion());
}

/** What the runtime reads of the contract, without the spaces in it. */
export function writeContract(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const contract = join(ROOT, 'contract');
  for (const file of readdirSync(contract).filter(name => name.endsWith('.json') && !name.endsWith('.schema.json'))) {
    writeFileSync(join(folder, file), JSON.stringify(JSON.parse(readFileSync(join(contract, file), 'utf8'))));
  }
}

/** A virtual environment brings its own installer. */
function isOfLayer(name: string): boolean {
  return !/^(pip|setuptools|wheel|_distutils_hack|distutils-precedence)/.test(name) && !NOT_NEEDED.test(name);
}

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: path => !NOT_NEEDED.test(basename(path)) });
}
