import { Check } from './rule';
import { watchedMetrics } from '../workloads/mandatory-alarms';
import { ALARMS_WANTED, isGenAiTask, servicesOfTask } from '../workloads/workloads';

export const TaskHasMandatoryAlarms: Check = (resource, app) => {
  if (!isGenAiTask(resource, app)) return undefined;
  const services = servicesOfTask(resource, app);
  const watched = services.length > 0 && services.every(service => watchedMetrics(resource, service, app).size >= ALARMS_WANTED);
  return watched ? [] : [{}];
};
