export * from './envelope-gateway-responses';
export * from './standard-rest-api';
export * from './standard-website';
