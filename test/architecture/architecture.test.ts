import packageJson from '../../package.json';
import * as library from '../../src';
import { forbiddenArrows, importsOfItself, PARTS, unlistedPackages } from './support/arrows';
import { indexesThatDoMore, publicClasses } from './support/exports';
import { moduleState } from './support/module-state';
import { isGenerated, sourcesOf } from './support/sources';

/** "About 300 lines": what is read in one sitting. */
const MAX_LINES = 320;

/** Classes that the files of src share among themselves. Any other exported class is part of the public API. */
const INTERNAL = ['AppModel', 'NodeRuntimeLayer', 'ServiceAlarms', 'StackMuteRules', 'StageLogGroup', 'VerbatimPolicyDocument'];

const CODE = /\.(ts|mts|cts|tsx|mjs|cjs|js)$/;
const parts = sourcesOf(PARTS, CODE);
const constructs = sourcesOf(['src'], CODE);

test('the walk finds the constructs', () => {
  expect([...constructs.keys()]).toContain('src/index.ts');
});

test('the contract imports nothing, and the other parts only the contract', () => {
  expect(forbiddenArrows(parts)).toEqual([]);
});

test('no part reaches another one by the name of the package', () => {
  expect(importsOfItself(parts, packageJson.name)).toEqual([]);
});

test('the constructs need only what a user of the library has', () => {
  expect(unlistedPackages(constructs, Object.keys(packageJson.peerDependencies))).toEqual([]);
});

test('nothing in the constructs outlives its construct tree', () => {
  expect(moduleState(constructs)).toEqual([]);
});

test('every file can be read in one sitting', () => {
  const written = sourcesOf([...PARTS, 'build-tools', 'projenrc', 'examples', 'integ', 'bench', 'test', 'frontends'], /\.(ts|mjs|cjs|js|py)$/);
  const long = [...written]
    .filter(([, text]) => !isGenerated(text))
    .map(([file, text]): [string, number] => [file, text.trimEnd().split('\n').length])
    .filter(([, lines]) => lines > MAX_LINES);
  expect(long).toEqual([]);
});

test('index files only re-export', () => {
  expect(indexesThatDoMore(parts)).toEqual([]);
});

test('every public class is exported flat', () => {
  const classes = publicClasses(constructs);
  expect(classes.length).toBeGreaterThan(0);
  expect(classes.filter(([name]) => !(name in library) && !INTERNAL.includes(name))).toEqual([]);
});
