import { Duration } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FunctionOptions } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { HandlerKind } from './handler-kind';
import { libraryCode } from './library-code';
import { ServiceTraffic } from './service-traffic';
import { StandardLambda } from './standard-lambda';
import { LIBRARY_FUNCTIONS } from '../contract/data';
import { acknowledgeWildcards } from '../standards/late-values/acknowledge-wildcards';

const { handler, servicePrefix, functions: FUNCTIONS } = LIBRARY_FUNCTIONS;

/** A function of the library's own. */
export type LibraryFunctionName = keyof typeof FUNCTIONS;

/** What a construct says of the library's function that works for it. */
export interface LibraryFunctionProps
  extends Pick<FunctionOptions, 'environment' | 'functionName' | 'maxEventAge' | 'onFailure' | 'retryAttempts'> {
  readonly name: LibraryFunctionName;

  /** What it may do, each on exactly the resources it does it to. */
  readonly statements: PolicyStatement[];

  /** What it may do besides, of the actions that AWS defines without resources. */
  readonly actionsWithoutResources?: string[];
}

/**
 * One of the library's own functions, built ahead, under the standard itself: it works on events, its failed starts and errors set off
 * alarms of the service `plumbline-<name>`, and its silence is none.
 *
 * Each construct has a function of its own. One for the whole stack would have to hold what all of its constructs may do together, and a
 * construct that goes would change the role of those that stay. No concurrency is reserved: that fails in a new account, which has
 * none to spare, and the functions are written so that they may run twice.
 */
export class LibraryFunction extends StandardLambda {
  /** What the function may do: whoever calls it waits for this. */
  public readonly actions: Policy;

  constructor(scope: Construct, id: string, props: LibraryFunctionProps) {
    const { name, statements, actionsWithoutResources, ...options } = props;
    const { description, timeoutSeconds, memoryMb } = FUNCTIONS[name];
    super(scope, id, {
      ...options,
      serviceName: `${servicePrefix}${name}`,
      code: libraryCode(name),
      handler,
      description,
      timeout: Duration.seconds(timeoutSeconds),
      memorySize: memoryMb,
      kind: HandlerKind.EVENT,
      traffic: ServiceTraffic.SPORADIC,
    });
    this.actions = this.allow(statements, actionsWithoutResources);
  }

  private allow(statements: PolicyStatement[], withoutResources: string[] = []): Policy {
    const unbound = withoutResources.length > 0
      ? [new PolicyStatement({ sid: 'ActionsWithoutResources', actions: withoutResources, resources: ['*'] })] : [];
    const policy = new Policy(this, 'Actions', { statements: [...statements, ...unbound] });
    this.role!.attachInlinePolicy(policy);
    acknowledgeWildcards(policy, unbound.flatMap(({ resources }) => resources), 'AWS defines these actions without resources: '
      + `${withoutResources.join(', ')}.`);
    return policy;
  }
}
