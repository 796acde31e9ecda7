import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { BedrockPermissions } from './bedrock-permissions';
import { checkedName, Reject } from '../models/model-checks';
import { Standards } from '../../standards/standards';

type Models = Pick<BedrockPermissions, 'allowedModels' | 'modelsByEnvironment'>;

/** The models of the environment that the scope is deployed to. */
export function effectiveModels(scope: IConstruct, { allowedModels, modelsByEnvironment }: Models, reject: Reject): string[] {
  if (!modelsByEnvironment) return [...allowedModels];
  const standards = Standards.tryOf(scope);
  if (!standards) {
    reject('modelsByEnvironment is given, and no Standards say which environment this is', Object.keys(modelsByEnvironment), 'modelsByEnvironment below Standards',
      "call Standards.apply(app, { product: 'MangaAssist', environment: 'prod' }) before you create the role");
  }
  for (const [environment, models] of Object.entries(modelsByEnvironment)) {
    // A wrong name in one environment would otherwise be found on the day when that environment is deployed.
    models.filter(model => !Token.isUnresolved(model)).forEach(model => checkedName(model, reject));
    const doubled = models.find(model => allowedModels.includes(model));
    if (doubled !== undefined) {
      reject(`modelsByEnvironment adds a model to "${environment}" that every environment has`, doubled, 'models that are not in allowedModels', 'remove it from one of the two');
    }
  }
  return [...allowedModels, ...modelsByEnvironment[standards!.environment] ?? []];
}

/** Which environment may invoke what, as a table in Markdown: every line with a gap is a difference between environments. */
export function parityReport({ allowedModels, modelsByEnvironment }: Models): string {
  const environments = Object.keys(modelsByEnvironment ?? {}).sort();
  const added = environments.flatMap(environment => modelsByEnvironment![environment]);
  if (added.length === 0) return `Every environment may invoke the same ${allowedModels.length} models.`;
  const columns = [...environments, 'any other'];
  const rows = [...new Set([...allowedModels, ...added])].map(model =>
    [model, ...columns.map(environment => (allowedModels.includes(model) || modelsByEnvironment![environment]?.includes(model) ? 'yes' : '-'))]);
  return [['model', ...columns], ['---', ...columns.map(() => '---')], ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
