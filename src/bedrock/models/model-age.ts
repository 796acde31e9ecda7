import { Token } from 'aws-cdk-lib';
import { routedModel } from './inference-profile-routing';
import { KnownModels } from './unknown-models';
import { ModelAge, ModelLifecycle, tryModelAge, tryModelLifecycleIn } from '../../contract/model-lifecycle';
import { ModelReference } from '../../contract/model-reference';
import { TeachingErrors } from '../../standards/teaching-error';
import { Warning } from '../../standards/warnings';

/** What the age of a role's models is judged by. */
export interface AgeRules extends KnownModels {
  /** The day of the synthesis. */
  readonly day: string;
  /** The models that the role keeps whatever their age, as they were named. */
  readonly kept: readonly string[];
}

interface AgedModel {
  readonly name: string;
  readonly age: ModelAge;
  readonly lifecycle: ModelLifecycle;
  /** Where: a Region, or "every Region" or the Regions of the table where the stack's own is not known. */
  readonly where: string;
  /** Whether requests certainly go where the dates hold. */
  readonly isCertain: boolean;
}

const KEEP = 'name it in keepAfterEndOfLife';

/** Refuses models whose end of life has passed where they are invoked, and returns a warning of each that AWS calls legacy. */
export function requireLivingModels(models: readonly ModelReference[], rules: AgeRules, fault: TeachingErrors): Warning[] {
  requireNamed(models, rules.kept, fault);
  const aged = models.filter(({ name }) => !rules.kept.includes(name)).flatMap(model => findAges(model, rules));
  const ended = aged.find(({ age, isCertain }) => age === 'ended' && isCertain);
  if (ended) {
    throw fault({
      problem: `AWS ended the model in ${ended.where} on ${ended.lifecycle.endOfLife}: every request for it fails`,
      given: ended.name,
      allowed: 'models that AWS still offers there',
      fix: `${successorText(ended.lifecycle)}; where AWS gives your account longer, ${KEEP}`,
    });
  }
  return aged.map(({ name, age, lifecycle, where }) => ({
    id: age === 'ended' ? 'endedModel' : 'legacyModel',
    message: age === 'ended'
      ? `AWS ended the model "${name}" in ${where} on ${lifecycle.endOfLife}: ${successorText(lifecycle)}, or ${KEEP}.`
      : `AWS calls the model "${name}" legacy in ${where}${endText(lifecycle)}: ${successorText(lifecycle)}, or ${KEEP}.`,
  }));
}

function findAges(model: ModelReference, { sources, routing, day, modelsFile }: AgeRules): AgedModel[] {
  const routed = routedModel(model, routing);
  const asked = [...new Set(model.location ? [model.location.region] : sources.map(({ region }) => region))];
  return asked.flatMap(region => {
    const lifecycle = tryModelLifecycleIn(region, routed.model ?? routed.id, modelsFile);
    const age = lifecycle && tryModelAge(lifecycle, day);
    if (!lifecycle || !age) return [];
    const { regions } = lifecycle;
    if (regions && !Token.isUnresolved(region) && !regions.includes(region)) return [];
    return [{ name: model.name, age, lifecycle, where: placeText(region, regions), isCertain: !regions || !Token.isUnresolved(region) }];
  });
}

function placeText(region: string, regions?: readonly string[]): string {
  if (!regions) return 'every Region';
  return Token.isUnresolved(region) ? regions.join(', ') : region;
}

function endText({ extendedAccess, endOfLife }: ModelLifecycle): string {
  const dearer = extendedAccess === undefined ? '' : `, asks a higher price from ${extendedAccess}`;
  return endOfLife === undefined ? dearer : `${dearer}, and ends it on ${endOfLife}`;
}

function successorText({ successor }: ModelLifecycle): string {
  return successor === undefined ? 'take another model' : `take its successor "${successor}", by its inference profile where it has one`;
}

/** A model that is kept and not named is a slip of the pen, or is left from a model that went. */
function requireNamed(models: readonly ModelReference[], kept: readonly string[], fault: TeachingErrors): void {
  const unknown = kept.find(name => models.every(model => model.name !== name));
  if (unknown === undefined) return;
  throw fault({
    problem: 'keepAfterEndOfLife keeps a model that the role does not have',
    given: unknown,
    allowed: models.map(({ name }) => name).join(', '),
    fix: 'name it as in allowedModels, or remove it',
  });
}
