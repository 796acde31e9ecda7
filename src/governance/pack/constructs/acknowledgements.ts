import { Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

const PREFIX_OF_CDK = /^annotation::/i;

/** One acknowledgement of a finding. */
export interface Acknowledgement {
  readonly construct: IConstruct;
  /** The id that its author wrote. */
  readonly id: string;
}

/** The acknowledgements of a pack's findings at or below a scope, and above it. */
export class Acknowledgements {
  private readonly below: Acknowledgement[];

  constructor(scope: IConstruct, private readonly pack: string, private readonly ruleIds: readonly string[]) {
    this.below = scope.node.findAll().flatMap(construct => this.writtenAt(construct));
  }

  /** Whether a finding is acknowledged in cdk-nag's way: without the pack's name before it. The CDK itself sees to the others. */
  public hides(id: string, construct: IConstruct): boolean {
    return construct.node.scopes.some(scope => this.writtenAt(scope).some(acknowledgement => acknowledgement.id === id));
  }

  /** Those that no finding needs. */
  public findUnused(findings: readonly { readonly id: string; readonly construct: IConstruct }[]): Acknowledgement[] {
    return this.below.filter(({ id, construct }) =>
      !findings.some(finding => this.withoutPack(id) === finding.id && finding.construct.node.scopes.includes(construct)));
  }

  /** Whether no finding can ever have this id. */
  public isMistyped({ id }: Acknowledgement): boolean {
    const [ruleId] = this.withoutPack(id).split('[');
    return !this.ruleIds.includes(ruleId);
  }

  private writtenAt(construct: IConstruct): Acknowledgement[] {
    return construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.keys(data as Record<string, string>))
      .map(id => id.replace(PREFIX_OF_CDK, ''))
      .filter(id => this.isMeant(id))
      .map(id => ({ construct, id }));
  }

  /** Also with the pack's name left out or misspelt. */
  private isMeant(id: string): boolean {
    const names = this.ruleIds.map(ruleId => ruleId.slice(this.pack.length + 1));
    return id.toLowerCase().startsWith(this.pack.toLowerCase()) || names.some(name => id.includes(name));
  }

  private withoutPack(id: string): string {
    return id.startsWith(`${this.pack}::`) ? id.slice(this.pack.length + 2) : id;
  }
}
