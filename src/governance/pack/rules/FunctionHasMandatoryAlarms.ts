import { NagRuleCompliance } from 'cdk-nag';
import { INCIDENTS } from '../incidents';
import { watchedMetrics } from '../mandatory-alarms';
import { CheckRule } from '../rule';
import { ALARMS_WANTED, isGenAiFunction, serviceOfFunction } from '../workloads';

export const FunctionHasMandatoryAlarms: CheckRule = {
  name: 'FunctionHasMandatoryAlarms',
  info: `The function's service has alarms on fewer than ${ALARMS_WANTED} metrics of the catalogue's mandatory tier. ` +
    'Use StandardLambda, which brings them, or add MissingMetricAlarm with its serviceName.',
  explanation: 'An alarm counts when it is in the same stage, names the service in service_name, and uses a dimension set that the runtimes emit. ' +
    'One on the whole product does not: it stays quiet while another service works.',
  incident: INCIDENTS.metricDrift,
  check: (resource, app) => {
    if (!isGenAiFunction(resource, app)) return NagRuleCompliance.NOT_APPLICABLE;
    const service = serviceOfFunction(resource, app);
    const watched = service ? watchedMetrics(resource, service, app).size : 0;
    return watched >= ALARMS_WANTED ? NagRuleCompliance.COMPLIANT : NagRuleCompliance.NON_COMPLIANT;
  },
};
