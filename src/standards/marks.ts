import { IConstruct } from 'constructs';

/** On the resource of each layer that holds the runtime, also of one that its user signed. */
export const RUNTIME_LAYER = 'RuntimeLayer';

/** On each scope that has standards of its own. */
export const STANDARDS = 'Standards';

/** Hangs a value on a construct for good. Under a name two copies of the library in one app share it, under a symbol they do not. */
export function mark(construct: IConstruct, name: string | symbol, value: unknown): void {
  Object.defineProperty(construct, symbolOf(name), { value });
}

/** What hangs on this very construct. */
export function tryMark<T>(construct: IConstruct, name: string | symbol): T | undefined {
  return (construct as IConstruct & { readonly [symbol: symbol]: T | undefined })[symbolOf(name)];
}

/** What hangs on this very construct, which all who ask share; made when it is first asked for. */
export function sharedMark<T>(construct: IConstruct, name: string, create: () => T): T {
  const known = tryMark<T>(construct, name);
  if (known !== undefined) return known;
  const created = create();
  mark(construct, name, created);
  return created;
}

/** What hangs on the nearest construct at or above this one. */
export function tryNearestMark<T>(construct: IConstruct, name: string): T | undefined {
  const nearest = construct.node.scopes.reverse().find(scope => tryMark(scope, name) !== undefined);
  return nearest && tryMark(nearest, name);
}

function symbolOf(name: string | symbol): symbol {
  return typeof name === 'symbol' ? name : Symbol.for(`cdk-plumbline.${name}`);
}
