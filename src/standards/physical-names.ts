import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AppAtSynth } from './app-at-synth';
import { placeOf } from './deployed-place';
import { mark, tryMark } from './marks';
import { teachingMessage } from './teaching-error';
import { NAME_PROPERTIES, NameProperty } from '../contract/physical-name';
import { intrinsicOf } from '../contract/template/template-values';

const WATCHED = 'PhysicalNames.watched';

/** A resource with a name that is known outside its stack. */
interface NamedResource {
  readonly construct: CfnResource;
  readonly property: NameProperty;
  readonly name: unknown;
  readonly condition: unknown;
}

/** Makes the synthesis of the whole app fail where two resources of one account and Region have one physical name. */
export function requireUniqueNames(scope: IConstruct): void {
  const { root } = scope.node;
  if (tryMark(root, WATCHED)) return;
  mark(root, WATCHED, true);
  AppAtSynth.validate(root, findNameClashes);
}

function findNameClashes(app: AppAtSynth): string[] {
  const holders = new Map<string, NamedResource[]>();
  for (const resource of app.resources.flatMap(one => namedResource(app, one))) {
    const key = keyOf(resource);
    holders.set(key, [...holders.get(key) ?? [], resource]);
  }
  return [...holders.values()].flatMap(([first, ...others]) => others
    .filter(other => mayStandTogether(first, other))
    .map(other => clashMessage(first, other)));
}

function namedResource(app: AppAtSynth, construct: CfnResource): NamedResource[] {
  const property = NAME_PROPERTIES.get(construct.cfnResourceType);
  if (!property) return [];
  return Object.values(app.rendered(construct)).flatMap(({ Properties, Condition }) => {
    const name = withKnownValues(construct.stack, Properties?.[property.property]);
    return name === undefined || isNoValue(name) ? [] : [{ construct, property, name, condition: Condition }];
  });
}

/** Resources with two conditions may be two forms of one resource, of which a deployment creates one. */
function mayStandTogether(one: NamedResource, other: NamedResource): boolean {
  return one.condition === undefined || other.condition === undefined || one.condition === other.condition;
}

/** What two resources share when AWS would take the second one's name for that of the first. */
function keyOf({ construct, property, name }: NamedResource): string {
  const { stack } = construct;
  const { account, region } = placeOf(stack);
  const place = property.within === 'region' ? [account, region] : [account];
  // A parameter or a resource has its value in its own stack only.
  const namedIn = typeof name === 'string' || dependsOnPlaceOnly(name) ? '' : stack.node.path;
  return JSON.stringify([property.sharesNamesWith ?? property.type, place, namedIn, name]);
}

const PLACE = ['AWS::AccountId', 'AWS::Partition', 'AWS::Region', 'AWS::URLSuffix'];

/** The name with what the app knows of its stack filled in. */
function withKnownValues(stack: Stack, name: unknown): unknown {
  if (typeof name !== 'object' || name === null) return name;
  const known: Record<string, string> = { 'AWS::AccountId': stack.account, 'AWS::Region': stack.region, 'AWS::StackName': stack.stackName };
  return JSON.parse(JSON.stringify(name), (_key, value: unknown) => {
    const [intrinsic, argument] = intrinsicOf(value) ?? [];
    const reference = intrinsic === 'Ref' ? known[String(argument)] : undefined;
    if (reference !== undefined && !Token.isUnresolved(reference)) return reference;
    return intrinsic === 'Fn::Join' ? joined(argument) ?? value : value;
  });
}

function isNoValue(name: unknown): boolean {
  const [intrinsic, argument] = intrinsicOf(name) ?? [];
  return intrinsic === 'Ref' && argument === 'AWS::NoValue';
}

function joined(argument: unknown): string | undefined {
  const [delimiter, parts] = argument as [string, unknown];
  return Array.isArray(parts) && parts.every(part => typeof part === 'string') ? parts.join(delimiter) : undefined;
}

function dependsOnPlaceOnly(name: unknown): boolean {
  if (Array.isArray(name)) return name.every(dependsOnPlaceOnly);
  if (typeof name !== 'object') return true;
  const [intrinsic, argument] = intrinsicOf(name) ?? [];
  return intrinsic === 'Ref' ? PLACE.includes(String(argument)) : intrinsic === 'Fn::Join' && dependsOnPlaceOnly(argument);
}

const PLACES = { region: 'account and Region', account: 'account' };

function clashMessage(first: NamedResource, other: NamedResource): string {
  const { type, property, within } = other.property;
  return teachingMessage(other.construct, {
    problem: `${first.construct.node.path} has the same ${property} in the same ${PLACES[within]}, and the second could not be deployed`,
    given: other.name,
    allowed: `one ${type} of a name`,
    fix: 'apply Standards with an environment of its own to each stage, or give one of the two another name',
  });
}
