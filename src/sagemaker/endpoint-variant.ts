import { EndpointInstanceOptions } from './endpoint-instance-options';
import { EndpointScaling } from './endpoint-scaling';
import { GenAiModel } from './gen-ai-model';

/**
 * A further model behind an endpoint, which takes a part of its traffic: for example a new version, beside the one in use.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-ab-testing.html
 */
export interface EndpointVariant extends EndpointInstanceOptions {
  /** Its name, which callers may give as `TargetVariant`: letters, digits and single dashes, at most 63. Not `AllTraffic`. */
  readonly name: string;

  /** The model. */
  readonly model: GenAiModel;

  /** Its part of the traffic: its weight in the sum of all weights, that of the endpoint's own model among them. A number from 0. */
  readonly weight: number;

  /**
   * How many instances it starts with.
   *
   * @default - the least number that its scaling allows, else 1
   */
  readonly initialInstanceCount?: number;

  /**
   * How the number of its instances follows its traffic. Of an endpoint either all variants scale, or none.
   *
   * @default - none: as many as it starts with
   */
  readonly scaling?: EndpointScaling;
}
