import { CfnResource, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { mark, tryMark } from './marks';
import { RenderedResource, renderedResources } from './resolved-properties';

/** Of this copy of the library only: another one may read other things. */
const READ = Symbol('AppAtSynth');

/**
 * What the validations of one synthesis read of the app. Nothing changes any more while they run, so each thing is read once for all of
 * them: a validation on each function that read all resources by itself would take minutes in an app of thousands.
 *
 * For validations only. Whoever asks earlier sees what was there then.
 */
export class AppAtSynth {
  /** The app that a construct is in, as the synthesis under way reads it. */
  public static of(scope: IConstruct): AppAtSynth {
    const stage = Stage.isStage(scope) ? scope : Stage.of(scope);
    if (!stage) return new AppAtSynth(scope.node.root);
    const known = tryMark<AppAtSynth>(stage, READ);
    if (known) return known;
    const app = new AppAtSynth(scope.node.root);
    mark(stage, READ, app);
    // A stage is validated before what is in it: the next synthesis begins anew.
    stage.node.addValidation({ validate: () => app.forget() });
    return app;
  }

  /** Adds a validation to a construct. What a stage itself is validated by has to come after the stage's first. */
  public static validate(scope: IConstruct, validate: (app: AppAtSynth) => string[]): void {
    AppAtSynth.of(scope);
    scope.node.addValidation({ validate: () => validate(AppAtSynth.of(scope)) });
  }

  private known = new Map<unknown, unknown>();

  private constructor(private readonly root: IConstruct) {}

  /** The result of `read`, which is called for each key once a synthesis. */
  public once<T>(key: unknown, read: () => T): T {
    if (!this.known.has(key)) this.known.set(key, read());
    return this.known.get(key) as T;
  }

  /** Every resource of the app, in the order of the tree. */
  public get resources(): readonly CfnResource[] {
    return this.once('resources', () => this.root.node.findAll().filter(CfnResource.isCfnResource));
  }

  /** The resources of a type of CloudFormation, such as `AWS::SQS::Queue`, in the order of the tree. */
  public ofType(type: string): readonly CfnResource[] {
    return this.byType().get(type) ?? [];
  }

  /** What the resource adds to its template, overrides included, by logical id. What is known only at deployment is an object. */
  public rendered(resource: CfnResource): Readonly<Record<string, RenderedResource>> {
    return this.once(resource, () => renderedResources(resource));
  }

  /** The properties of a resource as they stand in its template. */
  public properties(resource: CfnResource): Readonly<Record<string, unknown>> {
    return Object.values(this.rendered(resource))[0]?.Properties ?? {};
  }

  private byType(): ReadonlyMap<string, readonly CfnResource[]> {
    return this.once('by type', () => {
      const types = new Map<string, CfnResource[]>();
      for (const resource of this.resources) {
        const known = types.get(resource.cfnResourceType);
        if (known) known.push(resource);
        else types.set(resource.cfnResourceType, [resource]);
      }
      return types;
    });
  }

  private forget(): [] {
    this.known = new Map();
    return [];
  }
}
