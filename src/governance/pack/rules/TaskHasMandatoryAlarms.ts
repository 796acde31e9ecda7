import { NagRuleCompliance } from 'cdk-nag';
import { RUNTIME_ENVIRONMENT } from '../../../contract/data';
import { INCIDENTS } from '../incidents';
import { watchedMetrics } from '../mandatory-alarms';
import { CheckRule } from '../rule';
import { ALARMS_WANTED, isGenAiTask, servicesOfTask } from '../workloads';

export const TaskHasMandatoryAlarms: CheckRule = {
  name: 'TaskHasMandatoryAlarms',
  info: `The task may run a model or an endpoint, but its service has alarms on fewer than ${ALARMS_WANTED} metrics of the catalogue's mandatory tier. ` +
    `Name the service in ${RUNTIME_ENVIRONMENT.variables.serviceName.name} of a container, and add MissingMetricAlarm with that serviceName.`,
  explanation: 'As for functions; every service that a container of the task names has to be watched.',
  incident: INCIDENTS.metricDrift,
  check: (resource, app) => {
    if (!isGenAiTask(resource, app)) return NagRuleCompliance.NOT_APPLICABLE;
    const services = servicesOfTask(resource, app);
    const watched = services.length > 0 && services.every(service => watchedMetrics(resource, service, app).size >= ALARMS_WANTED);
    return watched ? NagRuleCompliance.COMPLIANT : NagRuleCompliance.NON_COMPLIANT;
  },
};
