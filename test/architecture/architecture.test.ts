import packageJson from '../../package.json';
import * as library from '../../src';
import { ARROWS, DEFERRED, PARTS_IN_TABLE, PRODUCT } from './support/arrow-table';
import { arrow, foldersWithoutRow, forbiddenArrows } from './support/arrows';
import { circlesIn, circlesOfFiles } from './support/circles';
import { indexesThatDoMore, publicClasses } from './support/exports';
import { allPackages, fileImports, importsOfItself, unlistedPackages } from './support/imports';
import { moduleState } from './support/module-state';
import { pythonImports } from './support/python-imports';
import { isGenerated, sourcesOf } from './support/sources';

/** "About 300 lines": what is read in one sitting. */
const MAX_LINES = 320;

/** Classes that the files of src share among themselves. Any other exported class is part of the public API. */
const INTERNAL = [
  'Acknowledgements', 'AnswerMocksAsText', 'AppAtSynth', 'AppModel', 'Baseline', 'DefinitionWithResponses', 'EndpointUpdates',
  'ImageJobs', 'InvocationLogBuckets', 'JsonText', 'LibraryFunction', 'ModelsFile', 'PlatformApi', 'PlatformFunction', 'PlatformNetwork',
  'RuntimeLayer', 'ServiceAlarms', 'StackElements', 'StackMuteRules', 'StageLogGroup', 'ValidateEveryMethod', 'ValueSources',
  'VerbatimPolicyDocument',
];

const CODE = /\.(ts|mts|cts|tsx|mjs|cjs|js)$/;
const inTable = sourcesOf(PARTS_IN_TABLE, CODE);
const product = sourcesOf(PRODUCT, CODE);
const constructs = sourcesOf(['src'], CODE);
const python = sourcesOf(['runtime/python'], /\.py$/);
const everything = sourcesOf([...PARTS_IN_TABLE, 'examples', 'integ', 'bench', 'test'], CODE);

test('the walk finds the constructs', () => {
  expect([...constructs.keys()]).toContain('src/index.ts');
});

test('every folder has a row in the table of arrows', () => {
  expect(foldersWithoutRow(inTable)).toEqual([]);
});

test('every import is an arrow of the table', () => {
  expect(forbiddenArrows(inTable)).toEqual([]);
});

test('the arrows of the product run one way', () => {
  expect(circlesIn(new Map([...ARROWS].filter(([folder]) => PRODUCT.includes(folder.split('/')[0]))))).toEqual([]);
});

test('no file imports itself by way of others', () => {
  expect(circlesOfFiles(everything)).toEqual([]);
});

test('the rooms of the Python runtime have the arrows of the table, and no circle', () => {
  const imports = pythonImports(python);
  expect(imports.length).toBeGreaterThan(python.size);
  expect(foldersWithoutRow(python)).toEqual([]);
  expect(forbiddenArrows(python, imports)).toEqual([]);
  expect(circlesOfFiles(python, imports)).toEqual([]);
});

test('every import that may be made late is made', () => {
  expect(fileImports(inTable).map(arrow)).toEqual(expect.arrayContaining(DEFERRED));
});

test('the ground floor needs no package, not even one of Node', () => {
  expect(allPackages(sourcesOf(['src/contract'], CODE))).toEqual([]);
});

test('no part reaches another one by the name of the package', () => {
  expect(importsOfItself(product, packageJson.name)).toEqual([]);
});

test('the constructs need only what a user of the library has', () => {
  expect(unlistedPackages(constructs, Object.keys(packageJson.peerDependencies))).toEqual([]);
});

test('nothing in the constructs outlives its construct tree', () => {
  expect(moduleState(constructs)).toEqual([]);
});

test('every file can be read in one sitting', () => {
  const written = sourcesOf([...PARTS_IN_TABLE, 'examples', 'integ', 'bench', 'test'], /\.(ts|mjs|cjs|js|py)$/);
  const long = [...written]
    .filter(([, text]) => !isGenerated(text))
    .map(([file, text]): [string, number] => [file, text.trimEnd().split('\n').length])
    .filter(([, lines]) => lines > MAX_LINES);
  expect(long).toEqual([]);
});

test('index files only re-export', () => {
  expect(indexesThatDoMore(product)).toEqual([]);
});

test('every public class is exported flat', () => {
  const classes = publicClasses(constructs);
  expect(classes.length).toBeGreaterThan(0);
  expect(classes.filter(([name]) => !(name in library) && !INTERNAL.includes(name))).toEqual([]);
});
