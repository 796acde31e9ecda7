import { Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { GenAiModelSize, ModelPrecision } from './model-size';
import { ModelSize, TextModelSize } from '../contract/gpu-fit/model-size';
import { teachingError } from '../standards/teaching-error';

const TEXT_FIGURES = ['layers', 'attentionHeads', 'keyValueHeads', 'headSize', 'vocabulary', 'contextTokens'] as const;

/** The size as the formula takes it; an error for one that it cannot take. */
export function requireModelSize(scope: Construct, size: GenAiModelSize): ModelSize {
  const text = requireTextFigures(scope, size);
  return {
    precision: requirePrecision(scope, size.precision),
    weightsBytes: bytes(scope, 'weights', size.weights),
    ...(size.peak && { peakBytes: bytes(scope, 'peak', size.peak) }),
    ...(text && { text }),
  };
}

function requireTextFigures(scope: Construct, size: GenAiModelSize): TextModelSize | undefined {
  const given = TEXT_FIGURES.filter(name => size[name] !== undefined);
  if (given.length === 0) return undefined;
  const wrong = TEXT_FIGURES.filter(name => !isCount(size[name]));
  if (wrong.length > 0) {
    throw teachingError(scope, {
      problem: `The size of the model does not say, or not as a whole number: ${wrong.join(', ')}`,
      given: Object.fromEntries(TEXT_FIGURES.map(name => [name, size[name]])),
      allowed: `all of ${TEXT_FIGURES.join(', ')} as whole numbers from 1, or none of them`,
      fix: 'take them from the config.json of the model',
    });
  }
  const figures = Object.fromEntries(TEXT_FIGURES.map(name => [name, size[name]])) as unknown as TextModelSize;
  if (figures.attentionHeads % figures.keyValueHeads === 0) return figures;
  throw teachingError(scope, {
    problem: 'Each key-value head serves as many attention heads as any other, and these cannot be shared out so',
    given: { attentionHeads: figures.attentionHeads, keyValueHeads: figures.keyValueHeads },
    allowed: 'keyValueHeads by which attentionHeads can be divided',
    fix: 'take both from the config.json of the model',
  });
}

/** Late values are no use here: the instance type is chosen at synth. */
const isCount = (value: number | undefined): boolean => !Token.isUnresolved(value) && Number.isInteger(value) && value! >= 1;

function requirePrecision(scope: Construct, precision: ModelPrecision = ModelPrecision.BF16): ModelPrecision {
  if (Object.values(ModelPrecision).includes(precision)) return precision;
  throw teachingError(scope, {
    problem: 'The fit is not known for numbers of this type',
    given: precision,
    allowed: Object.keys(ModelPrecision).map(name => `ModelPrecision.${name}`).join(', '),
    fix: 'the type that the model computes with, which for quantised weights is ModelPrecision.BF16 or FP16',
  });
}

function bytes(scope: Construct, name: string, size: Size | undefined): number {
  const value = size && !size.isUnresolved() ? size.toBytes({ rounding: SizeRoundingBehavior.NONE }) : 0;
  if (value > 0) return value;
  throw teachingError(scope, {
    problem: `The size of the model needs ${name} that are known at synth`,
    given: size?.toString(),
    allowed: 'a Size above zero',
    fix: `size: { ${name}: Size.gibibytes(15) }`,
  });
}
