import { Construct, IConstruct } from 'constructs';

/** The child of this id, which all who ask share; made when it is first asked for. */
export function sharedChild<T extends IConstruct>(scope: IConstruct, id: string, create: (scope: Construct, id: string) => T): T {
  return (scope.node.tryFindChild(id) as T | undefined) ?? create(scope as Construct, id);
}
