import type { FakeModel } from '../../test/support/sagemaker-fake/answers';
import type { BehaviourName } from '../../test/support/sagemaker-fake/behaviours';
import { SageMakerFake } from '../../test/support/sagemaker-fake/sagemaker-fake';

/** How the model of an endpoint behaves. */
export type ModelBehaviour = BehaviourName;

/** The fake of the tests, in the place of SageMaker: it answers at once, with a text or a picture that no model made. */
export class SageMakerStandIn {
  public static async start(model: FakeModel): Promise<SageMakerStandIn> {
    const endpoints: Record<string, FakeModel> = {};
    return new SageMakerStandIn(await SageMakerFake.start(endpoints), model, endpoints);
  }

  private constructor(
    private readonly fake: SageMakerFake, private readonly model: FakeModel, private readonly endpoints: Record<string, FakeModel>,
  ) {}

  /** The address for `AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME`. */
  public get url(): string {
    return this.fake.url;
  }

  /** Endpoints have their names when their stack is made. */
  public serve(endpointName: string): void {
    this.endpoints[endpointName] = this.model;
  }

  /** From now on. */
  public behave(behaviour: ModelBehaviour): void {
    this.fake.play(behaviour);
  }

  public stop(): Promise<void> {
    return this.fake.stop();
  }
}
