import { Check } from './rule';
import { watchedMetrics } from '../workloads/mandatory-alarms';
import { ALARMS_WANTED, isGenAiFunction, serviceOfFunction } from '../workloads/workloads';

export const FunctionHasMandatoryAlarms: Check = (resource, app) => {
  if (!isGenAiFunction(resource, app)) return undefined;
  const service = serviceOfFunction(resource, app);
  const watched = service ? watchedMetrics(resource, service, app).size : 0;
  return watched >= ALARMS_WANTED ? [] : [{}];
};
