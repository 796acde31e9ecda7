import { Token } from 'aws-cdk-lib';
import { BedrockPermissions } from './bedrock-permissions';
import { ModelsFile } from '../../contract/models-file';
import { TeachingErrors } from '../../standards/teaching-error';
import { requireModelName } from '../models/allowed-models';

type Models = Pick<BedrockPermissions, 'allowedModels' | 'modelsByEnvironment'>;

/** The models of the environment that a role is deployed to. */
export function modelsOf(
  environment: string | undefined, { allowedModels, modelsByEnvironment }: Models, fault: TeachingErrors, modelsFile?: ModelsFile,
): string[] {
  if (!modelsByEnvironment) return [...allowedModels];
  if (environment === undefined) {
    throw fault({
      problem: 'modelsByEnvironment is given, and no Standards say which environment this is',
      given: Object.keys(modelsByEnvironment),
      allowed: 'modelsByEnvironment below Standards',
      fix: "call Standards.apply(app, { product: 'MangaAssist', environment: 'prod' }) before you create the role",
    });
  }
  if (Token.isUnresolved(environment)) {
    throw fault({
      problem: 'modelsByEnvironment is given, and nobody can tell at synth which environment this is: no model would be added',
      given: environment,
      allowed: 'modelsByEnvironment below Standards with a literal environment',
      fix: 'write the environment out, for example "dev", and synthesise a stack for each environment',
    });
  }
  for (const [name, models] of Object.entries(modelsByEnvironment)) {
    // A wrong name in one environment would otherwise be found on the day when that environment is deployed.
    models.filter(model => !Token.isUnresolved(model)).forEach(model => requireModelName(model, fault, modelsFile));
    const doubled = models.find(model => allowedModels.includes(model));
    if (doubled !== undefined) {
      throw fault({
        problem: `modelsByEnvironment adds a model to "${name}" that every environment has`,
        given: doubled,
        allowed: 'models that are not in allowedModels',
        fix: 'remove it from one of the two',
      });
    }
  }
  return [...allowedModels, ...modelsByEnvironment[environment] ?? []];
}

/** Which environment may invoke what, as a table in Markdown: every line with a gap is a difference between environments. */
export function parityReport({ allowedModels, modelsByEnvironment }: Models): string {
  const environments = Object.keys(modelsByEnvironment ?? {}).sort();
  const added = environments.flatMap(environment => modelsByEnvironment![environment]);
  if (added.length === 0) return `Every environment may invoke the same ${allowedModels.length} models.`;
  const columns = [...environments, 'any other'];
  const isAllowed = (model: string, environment: string) =>
    allowedModels.includes(model) || modelsByEnvironment![environment]?.includes(model);
  const rows = [...new Set([...allowedModels, ...added])].map(model =>
    [model, ...columns.map(environment => (isAllowed(model, environment) ? 'yes' : '-'))]);
  return [['model', ...columns], ['---', ...columns.map(() => '---')], ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
