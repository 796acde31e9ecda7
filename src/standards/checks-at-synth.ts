import { IPolicyValidationPlugin } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** `PlumblineChecks` for `Standards`, loaded when synthesis asks for it: cdk-nag costs more than all the rest of the library. */
export function checksAtSynth(scope: IConstruct): IPolicyValidationPlugin {
  let loaded: IPolicyValidationPlugin | undefined;
  const checks = () => loaded ??= loadChecks(scope);
  return {
    name: 'PlumblineChecks',
    get ruleIds() {
      return checks().ruleIds;
    },
    validate: context => checks().validate(context),
  };
}

function loadChecks(scope: IConstruct): IPolicyValidationPlugin {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it together with this file
  const { PlumblineChecks } = require('../governance/pack/plumbline-checks') as typeof import('../governance/pack/plumbline-checks');
  return PlumblineChecks._ofStandards(scope);
}
