import { CfnElement, CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** The CloudFormation elements of one stack. To work out a logical id takes time: it is done for those only that are asked for. */
export class StackElements {
  /** Those of each stack at or below a construct. */
  public static below(root: IConstruct): StackElements[] {
    const found = new Map<Stack, CfnElement[]>();
    for (const element of root.node.findAll().filter(CfnElement.isCfnElement)) {
      const known = found.get(element.stack);
      if (known) known.push(element);
      else found.set(element.stack, [element]);
    }
    return [...found].map(([stack, elements]) => new StackElements(stack, elements));
  }

  private readonly ids = new Map<CfnResource, string>();
  private byType?: Map<string, CfnResource[]>;

  private constructor(public readonly stack: Stack, public readonly elements: readonly CfnElement[]) {
  }

  /** The logical id of a resource. */
  public idOf(construct: CfnResource): string {
    const known = this.ids.get(construct) ?? String(this.stack.resolve(construct.logicalId));
    this.ids.set(construct, known);
    return known;
  }

  /** The resource with a logical id. */
  public construct(id: string, type: string): CfnResource | undefined {
    this.byType ??= this.resourcesByType();
    return this.byType.get(type)?.find(construct => this.idOf(construct) === id);
  }

  private resourcesByType(): Map<string, CfnResource[]> {
    const found = new Map<string, CfnResource[]>();
    for (const resource of this.elements.filter(CfnResource.isCfnResource)) {
      const known = found.get(resource.cfnResourceType);
      if (known) known.push(resource);
      else found.set(resource.cfnResourceType, [resource]);
    }
    return found;
  }
}
