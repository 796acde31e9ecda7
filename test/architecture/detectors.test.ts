import { forbiddenArrows, importsOfItself, unlistedPackages } from './support/arrows';
import { indexesThatDoMore, publicClasses } from './support/exports';
import { moduleState } from './support/module-state';
import { Sources } from './support/sources';

/* The architecture test passes on a sound tree whatever its detectors see. Here they see unsound ones. */
const one = (file: string, text: string): Sources => new Map([[file, text]]);

describe('arrows', () => {
  test.each([
    ['constructs import a runtime', 'src/function/a.ts', 'import { x } from "../../runtime/node/x";'],
    ['a runtime imports constructs', 'runtime/node/a.ts', 'import { x } from "../../../src";'],
    ['the command imports constructs', 'cli/a.ts', 'import { x } from "../src/x";'],
    ['rules import the command', 'rules/a.ts', 'import { x } from "../cli/x";'],
    ['constructs import tests', 'src/a.ts', 'import { x } from "../test/x";'],
    ['the contract imports constructs', 'contract/a.ts', 'import { x } from "../src/x";'],
    ['the contract imports itself', 'contract/a.ts', 'import { x } from "./b";'],
    ['a type crosses over', 'src/a.ts', 'import type { X } from "../runtime/x";'],
    ['a re-export crosses over', 'src/a.ts', 'export * from "../runtime/x";'],
    ['a require crosses over', 'src/a.ts', 'const x = require("../runtime/x");'],
    ['a dynamic import crosses over', 'src/a.ts', 'const x = await import("../runtime/x");'],
    ['an import by assignment crosses over', 'src/a.ts', 'import x = require("../runtime/x");'],
  ])('%s', (_name, file, text) => {
    expect(forbiddenArrows(one(file, text))).toHaveLength(1);
  });

  test.each([
    ['src/a/b.ts', 'import { x } from "../c/d";'],
    ['src/a/b.ts', 'import data from "../../contract/x.json";'],
    ['runtime/node/a.ts', 'import data from "../../../contract/x.json";'],
    ['src/a.ts', 'import { Stack } from "aws-cdk-lib";'],
    ['src/a.ts', '// import { x } from "../runtime/x";'],
  ])('%s may say: %s', (file, text) => {
    expect(forbiddenArrows(one(file, text))).toEqual([]);
  });

  test('an import by the name of the package is seen', () => {
    expect(importsOfItself(one('cli/a.ts', 'import { x } from "cdk-plumbline/lib/x";'), 'cdk-plumbline')).toHaveLength(1);
    expect(importsOfItself(one('cli/a.ts', 'import { x } from "cdk-plumbline-other";'), 'cdk-plumbline')).toEqual([]);
  });

  test('a package that users do not have is seen', () => {
    const text = 'import "fs"; import "node:path"; import "constructs"; import "@aws-sdk/client-sts/x"; import "lodash";';
    expect(unlistedPackages(one('src/a.ts', text), ['constructs'])).toEqual(['src/a.ts → @aws-sdk/client-sts', 'src/a.ts → lodash']);
  });
});

describe('module state', () => {
  test.each([
    ['let count = 0;'],
    ['var count = 0;'],
    ['export let current: string | undefined;'],
    ['const cache = new Map<string, string>();'],
    ['const seen = new WeakMap();'],
    ['const seen: Set<string> = new Set();'],
    ['const names: string[] = [];'],
    ['const byName: Record<string, string> = {};'],
    ['export class Thing { private static count = 0; }'],
    ['export class Thing { private static readonly known = new Set<string>(); }'],
  ])('%s', text => {
    expect(moduleState(one('src/a.ts', text))).toHaveLength(1);
  });

  test.each([
    ['const LIMIT = 3;'],
    ['const NAMES: ReadonlyMap<string, string> = new Map([["a", "b"]]);'],
    ['const NAMES: readonly string[] = [];'],
    ['const NAMES = ["a", "b"];'],
    ['function f() { let count = 0; const seen = new Map(); return [count, seen]; }'],
    ['export class Thing { public static readonly LIMIT = 3; private readonly seen = new Set<string>(); private count = 0; }'],
  ])('not: %s', text => {
    expect(moduleState(one('src/a.ts', text))).toEqual([]);
  });
});

describe('exports', () => {
  test.each([
    ['import "./a";'], ['export const x = 1;'], ['export class X {}'], ['const x = 1; export { x };'],
  ])('an index file that does more: %s', text => {
    expect(indexesThatDoMore(one('src/a/index.ts', text)).length).toBeGreaterThan(0);
  });

  test('an index file that re-exports, and a file that is no index', () => {
    expect(indexesThatDoMore(one('src/index.ts', 'export * from "./a";\nexport { b } from "./b";'))).toEqual([]);
    expect(indexesThatDoMore(one('src/a/not-index.ts', 'export class X {}'))).toEqual([]);
  });

  test('public are the exported classes and enums', () => {
    const text = 'export class A {}\nclass B {}\nexport abstract class C {}\nexport enum D { X }\nenum E { X }\nexport interface F {}';
    expect(publicClasses(one('src/a.ts', text)).map(([name]) => name)).toEqual(['A', 'C', 'D']);
  });
});
