import { Duration, Size, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { GenAiEndpoint } from './gen-ai-endpoint';
import { ENDPOINT_SETTINGS } from '../contract/data';
import { teachingError } from '../standards/teaching-error';

const { idleMinutes: IDLE, volumeGiB: VOLUME, refusedFamilies, platform, defaultInstanceType } = ENDPOINT_SETTINGS.notebook;

/** A notebook calls the endpoint by its name, which says nothing in another account or Region. */
export function requireOwnPlace(scope: Construct, endpoint: GenAiEndpoint): void {
  const placeOf = ({ account, region }: Stack) => ({ account, region });
  const [own, its] = [placeOf(Stack.of(scope)), placeOf(Stack.of(endpoint))];
  const differs = (one: string, other: string) => one !== other && !Token.isUnresolved(one) && !Token.isUnresolved(other);
  if (!differs(own.account, its.account) && !differs(own.region, its.region)) return;
  throw teachingError(scope, {
    problem: 'The endpoint is in another account or Region than the notebook',
    given: { endpoint: endpoint.node.path, ...its },
    allowed: `an endpoint in ${own.account}, ${own.region}`,
    fix: 'put the notebook into the stack of the endpoint',
  });
}

/** An endpoint of inference components is only an empty host: the configuration says nothing of its model. */
export function requireRemakeable(scope: Construct, endpoint: GenAiEndpoint): void {
  if (endpoint._plan.kind !== 'component') return;
  throw teachingError(scope, {
    problem: 'The endpoint cannot be made anew from its configuration: with scaleToZero the model is an inference component beside it',
    given: { endpoint: endpoint.node.path, deployWhenMissing: true },
    allowed: 'deployWhenMissing with an endpoint without scaleToZero',
    fix: 'remove deployWhenMissing: scaleToZero takes the cost away without a deletion',
  });
}

export function requireIdleMinutes(scope: Construct, idleStop: Duration | undefined): number {
  if (!idleStop) return IDLE.default;
  const minutes = idleStop.isUnresolved() ? NaN : idleStop.toMinutes({ integral: false });
  if (Number.isInteger(minutes) && minutes >= IDLE.min && minutes <= IDLE.max) return minutes;
  throw teachingError(scope, {
    problem: 'The notebook instance cannot stop after this time',
    given: { idleStop: idleStop.isUnresolved() ? 'a value of the deployment' : idleStop.toString() },
    allowed: `whole minutes, ${IDLE.min} to ${IDLE.max}`,
    fix: 'idleStop: Duration.hours(1)',
  });
}

export function requireVolumeGiB(scope: Construct, volumeSize: Size | undefined): number {
  if (!volumeSize) return VOLUME.default;
  if (volumeSize.isUnresolved()) return volumeSize.toGibibytes();
  const gibibytes = volumeSize.toKibibytes({ rounding: 1 }) / 1024 ** 2;
  if (Number.isInteger(gibibytes) && gibibytes >= VOLUME.min && gibibytes <= VOLUME.max) return gibibytes;
  throw teachingError(scope, {
    problem: 'SageMaker takes no disk of this size',
    given: { volumeSize: `${gibibytes} GiB` },
    allowed: `whole GiB, ${VOLUME.min} to ${VOLUME.max}`,
    fix: 'volumeSize: Size.gibibytes(20)',
  });
}

export function requireNotebookType(scope: Construct, instanceType: string): string {
  if (Token.isUnresolved(instanceType)) return instanceType;
  const family = /^ml\.([a-z0-9-]+)\.[a-z0-9]+$/.exec(instanceType)?.[1];
  if (family !== undefined && !(refusedFamilies as readonly string[]).includes(family)) return instanceType;
  throw teachingError(scope, {
    problem: family === undefined ? 'This is no instance type of SageMaker' : `${platform} does not run on this instance type`,
    given: { instanceType },
    allowed: `types such as ${defaultInstanceType}; not of ${refusedFamilies.join(', ')}`,
    fix: `instanceType: '${defaultInstanceType}'`,
  });
}
