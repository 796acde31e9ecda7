import { readSettings } from '../../../runtime/node/telemetry/settings';

test('reads what the constructs set', () => {
  expect(readSettings({
    PLUMBLINE_PRODUCT: 'MangaAssist',
    PLUMBLINE_ENVIRONMENT: 'prod',
    PLUMBLINE_SERVICE_NAME: 'chat',
    PLUMBLINE_KIND: 'EVENT',
    PLUMBLINE_PROBE: 'DEEP',
    PLUMBLINE_PROBE_MODELS: 'one, two,,',
    PLUMBLINE_ALLOW_ORIGIN: 'https://a.example,https://b.example',
  })).toEqual({
    product: 'MangaAssist',
    environment: 'prod',
    serviceName: 'chat',
    kind: 'EVENT',
    probe: 'DEEP',
    probeModels: ['one', 'two'],
    allowedOrigins: ['https://a.example', 'https://b.example'],
  });
});

test('a unit test needs to set nothing', () => {
  expect(readSettings({})).toEqual({
    product: 'Plumbline', environment: 'unknown', serviceName: 'unknown', kind: 'AUTO', probe: 'NONE', probeModels: [], allowedOrigins: [],
  });
  expect(readSettings({ AWS_LAMBDA_FUNCTION_NAME: 'chat-fn' }).serviceName).toBe('chat-fn');
});

test('a value that does not exist is refused with those that do', () => {
  expect(() => readSettings({ PLUMBLINE_KIND: 'api' })).toThrow('"api" is not one of AUTO, API, EVENT, STREAM');
});
