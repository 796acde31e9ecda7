import { applyConfiguration } from './apply-configuration';
import { removeConfiguration } from './remove-configuration';
import { customResource } from '../custom-resource/custom-resource';

/** Custom resource: the configuration of the account's log of model invocations in this Region, of which there is one. */
export const handler = customResource(async (event, context) => {
  if (event.RequestType === 'Delete') return removeConfiguration(event);
  return applyConfiguration(event, () => context.getRemainingTimeInMillis());
});
