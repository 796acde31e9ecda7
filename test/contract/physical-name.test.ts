import * as awsCdk from 'aws-cdk-lib';
import { NAME_PROPERTIES, isProductionName, physicalName } from '../../src/contract/physical-name';

const NAMED = [...NAME_PROPERTIES.values()];

test('names begin with the product in production, and with product and environment elsewhere', () => {
  const ofProduct = { product: 'MangaAssist', environment: 'staging' };
  expect(physicalName({ ...ofProduct, isProduction: true }, 'chat', 'Missing')).toBe('MangaAssist-chat-Missing');
  expect(physicalName({ ...ofProduct, isProduction: false }, 'chat', 'Missing')).toBe('MangaAssist-staging-chat-Missing');
  expect(physicalName({ ...ofProduct, isProduction: false }, undefined, 'Missing')).toBe('MangaAssist-staging-Missing');
});

test.each(['prod', 'Prod', 'PROD', 'production', 'Production'])('%s is production', name => expect(isProductionName(name)).toBe(true));

test.each(['', 'preprod', 'prod-eu', 'product', 'staging', 'non-production'])('%j is not production', name => {
  expect(isProductionName(name)).toBe(false);
});

test.each(NAMED)('$type of CloudFormation has a property $property', ({ type, property }) => {
  const module = (awsCdk as unknown as Record<string, Record<string, { CFN_RESOURCE_TYPE_NAME?: string; prototype: object }>>)[
    `aws_${type.split('::')[1].toLowerCase()}`];
  const resource = Object.values(module).find(exported => exported?.CFN_RESOURCE_TYPE_NAME === type)!;
  expect(Object.getOwnPropertyDescriptor(resource.prototype, property[0].toLowerCase() + property.slice(1))).toBeDefined();
});

test.each(NAMED.filter(({ sharesNamesWith }) => sharesNamesWith))('$type shares its names with a type of the table', named => {
  expect(NAME_PROPERTIES.get(named.sharesNamesWith!)).toMatchObject({ property: named.property, within: named.within });
});
