import { foldersWithoutRow, forbiddenArrows } from './support/arrows';
import { circlesIn, circlesOfFiles } from './support/circles';
import { indexesThatDoMore, publicClasses } from './support/exports';
import { allPackages, importsOfItself, unlistedPackages } from './support/imports';
import { moduleState } from './support/module-state';
import { pythonImports } from './support/python-imports';
import { Sources } from './support/sources';

/* The architecture test passes on a sound tree whatever its detectors see. Here they see unsound ones. */
const one = (file: string, text: string): Sources => new Map([[file, text]]);

/** With the files that an import may mean by another name. */
const withTargets = (file: string, text: string): Sources => new Map([
  [file, text], ['src/sagemaker/index.ts', ''], ['src/governance/pack/plumbline-checks.ts', ''],
]);

describe('arrows', () => {
  test.each([
    ['constructs import a runtime', 'src/function/a.ts', 'import { x } from "../../runtime/node/telemetry/x";'],
    ['a runtime imports constructs', 'runtime/node/a.ts', 'import { x } from "../../src/standards/x";'],
    ['the command imports constructs', 'cli/a.ts', 'import { x } from "../src/x";'],
    ['rules import the command', 'rules/a.ts', 'import { x } from "../cli/x";'],
    ['constructs import tests', 'src/function/a.ts', 'import { x } from "../../test/x";'],
    ['the ground floor imports constructs', 'src/contract/a.ts', 'import { x } from "../standards/x";'],
    ['constructs import JSON past the ground floor', 'src/function/a.ts', 'import data from "../../contract/x.json";'],
    ['the standards import who stands on them', 'src/standards/a.ts', 'import { x } from "../observability/x";'],
    ['two rooms of one floor', 'src/api/a.ts', 'import { x } from "../sagemaker/x";'],
    ['a room by its index', 'src/api/a.ts', 'import { x } from "../sagemaker";'],
    [
      'governance is loaded with the standards',
      'src/standards/checks-at-synth.ts',
      'import { x } from "../governance/pack/plumbline-checks";',
    ],
    ['another import of governance made late', 'src/standards/a.ts', 'function f() { require("../governance/pack/plumbline-checks"); }'],
    ['telemetry imports the envelope', 'runtime/node/telemetry/a.ts', 'import { x } from "../envelope/x";'],
    ['a retry imports the client', 'runtime/node/bedrock/retry/a.ts', 'import { x } from "../client/x";'],
    ['a type crosses over', 'src/standards/a.ts', 'import type { X } from "../../runtime/node/x";'],
    ['the type of an import crosses over', 'src/standards/a.ts', 'type X = import("../../runtime/node/x").X;'],
    ['a re-export crosses over', 'src/standards/a.ts', 'export * from "../../runtime/node/x";'],
    ['a require crosses over', 'src/standards/a.ts', 'const x = require("../../runtime/node/x");'],
    ['a dynamic import crosses over', 'src/standards/a.ts', 'const x = await import("../../runtime/node/x");'],
    ['an import by assignment crosses over', 'src/standards/a.ts', 'import x = require("../../runtime/node/x");'],
  ])('%s', (_name, file, text) => {
    expect(forbiddenArrows(withTargets(file, text))).toHaveLength(1);
  });

  test.each([
    ['src/observability/a.ts', 'import { x } from "../standards/d";'],
    ['src/api/a.ts', 'import { x } from "./b";'],
    ['src/function/a.ts', 'import { x } from "../contract/data";'],
    ['runtime/node/probe/a.ts', 'import { x } from "../../../src/contract/data";'],
    ['cli/a.ts', 'import { x } from "../src/contract/data";'],
    ['src/standards/a.ts', 'import { Stack } from "aws-cdk-lib";'],
    ['src/standards/a.ts', '// import { x } from "../runtime/x";'],
    ['src/standards/checks-at-synth.ts', 'function f() { return require("../governance/pack/plumbline-checks"); }'],
  ])('%s may say: %s', (file, text) => {
    expect(forbiddenArrows(withTargets(file, text))).toEqual([]);
  });

  test('a folder without a row is seen', () => {
    const sources = new Map(['src/api/a.ts', 'src/api/deeper/a.ts', 'frontends/a.ts'].map(file => [file, '']));
    expect(foldersWithoutRow(sources)).toEqual(['src/api/deeper', 'frontends']);
  });

  test('every package is seen, those of Node too', () => {
    expect(allPackages(one('src/contract/a.ts', 'import "fs"; import "node:path"; import "aws-cdk-lib/core"; import "./b";')))
      .toEqual(['fs', 'node:path', 'aws-cdk-lib'].map(name => `src/contract/a.ts → ${name}`));
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

describe('arrows of Python', () => {
  const HOME = 'runtime/python/plumbline';
  const rooms = ['__init__', 'envelope/__init__', 'envelope/envelope', 'telemetry/__init__', 'telemetry/log', 'bedrock/client/__init__'];
  const withImport = (file: string, text: string): Sources =>
    new Map([...rooms.map((room): [string, string] => [`${HOME}/${room}.py`, '']), [`${HOME}/${file}`, text]]);

  test.each([
    ['telemetry/a.py', 'from ..envelope.envelope import success'],
    ['telemetry/a.py', 'from ..envelope import envelope'],
    ['telemetry/a.py', 'from .. import envelope'],
    ['telemetry/a.py', 'import plumbline.envelope.envelope'],
    ['telemetry/a.py', 'from plumbline.envelope import envelope as e'],
    ['telemetry/a.py', 'def f():\n    from ..envelope.envelope import success'],
    ['telemetry/a.py', 'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..envelope.envelope import success'],
    ['bedrock/retry/a.py', 'from ..client import x'],
    ['handler/kinds/a.py', 'from ... import success'],
  ])('%s may not say: %s', (file, text) => {
    const sources = withImport(file, text);
    expect(forbiddenArrows(sources, pythonImports(sources))).toHaveLength(1);
  });

  test.each([
    ['envelope/a.py', 'from ..telemetry.log import logger'],
    ['telemetry/a.py', 'from .log import logger'],
    ['telemetry/a.py', 'import json, logging.handlers\nfrom collections.abc import Mapping'],
    ['telemetry/a.py', '# from ..envelope import envelope'],
  ])('%s may say: %s', (file, text) => {
    const sources = withImport(file, text);
    expect(forbiddenArrows(sources, pythonImports(sources))).toEqual([]);
  });

  test('a circle is seen', () => {
    const sources = new Map([[`${HOME}/telemetry/a.py`, 'from .b import x'], [`${HOME}/telemetry/b.py`, 'from . import a']]);
    expect(circlesOfFiles(sources, pythonImports(sources))).toHaveLength(1);
  });
});

describe('circles', () => {
  test.each([
    ['of two files', { a: 'import "./b";', b: 'import "./a";' }, 'src/a.ts → src/b.ts → src/a.ts'],
    ['by a type', { a: 'import "./b";', b: 'import type { A } from "./a";' }, 'src/a.ts → src/b.ts → src/a.ts'],
    ['of three files', { a: 'import "./b";', b: 'export * from "./c";', c: 'import "./a";' }, 'src/a.ts → src/b.ts → src/c.ts → src/a.ts'],
    ['through an index', { 'a': 'import "./deep";', 'deep/index': 'export * from "./b";', 'deep/b': 'import "../a";' },
      'src/a.ts → src/deep/index.ts → src/deep/b.ts → src/a.ts'],
    ['of a file with itself', { a: 'import "./a";' }, 'src/a.ts → src/a.ts'],
    ['made late', { a: 'function f() { require("./b"); }', b: 'import "./a";' }, 'src/a.ts → src/b.ts → src/a.ts'],
    ['that the first file only leads to', { a: 'import "./b";', b: 'import "./c";', c: 'import "./b";' }, 'src/b.ts → src/c.ts → src/b.ts'],
  ])('%s', (_name, files, circle) => {
    expect(circlesOfFiles(new Map(Object.entries(files).map(([name, text]) => [`src/${name}.ts`, text])))).toEqual([circle]);
  });

  test('two ways to one file are no circle', () => {
    expect(circlesIn(new Map([['a', ['b', 'c']], ['b', ['d']], ['c', ['d']], ['d', []]]))).toEqual([]);
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
