import { App, CfnParameter, Stack, Stage, TimeZone } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { MuteWindow, Standards } from '../../src';

describe('Standards', () => {
  test('are found from any construct below their scope', () => {
    const app = new App();
    const standards = Standards.apply(app, { product: 'MangaAssist', environment: 'prod' });
    const stack = new Stack(new Stage(app, 'Stage'), 'Stack');
    expect(Standards.of(stack)).toBe(standards);
    expect(standards.product).toBe('MangaAssist');
    expect(standards.environment).toBe('prod');
  });

  test('the nearest ones above a construct count', () => {
    const app = new App();
    Standards.apply(app, { product: 'MangaAssist', environment: 'dev' });
    const stage = new Stage(app, 'Prod');
    Standards.apply(stage, { product: 'MangaAssist', environment: 'prod' });
    expect(Standards.of(new Stack(stage, 'Stack')).environment).toBe('prod');
    expect(Standards.of(new Stack(app, 'Stack')).environment).toBe('dev');
  });

  test('without any above, of() says where to call apply, and tryOf() is undefined', () => {
    const stack = new Stack(new App(), 'Lonely');
    expect(() => Standards.of(stack)).toThrow(/^\[Lonely\] There are no Standards[^]*Standards\.apply\(app/);
    expect(Standards.tryOf(stack)).toBeUndefined();
  });

  test('cannot be applied twice to one scope', () => {
    const app = new App();
    Standards.apply(app, { product: 'A', environment: 'dev' });
    expect(() => Standards.apply(app, { product: 'B', environment: 'dev' })).toThrow(
      /applied to this scope already[^]*stage or stack below/,
    );
  });

  test.each(['', '1st', 'a/b', 'ä', 'x'.repeat(65), 'two words'])('refuse the name %p', name => {
    expect(() => Standards.apply(new App(), { product: name, environment: 'dev' })).toThrow(/product cannot be part of a metric name/);
    expect(() => Standards.apply(new App(), { product: 'P', environment: name })).toThrow(/environment cannot be part of a metric name/);
  });

  test('take a token as the environment', () => {
    const stack = new Stack(new App(), 'Stack');
    const parameter = new CfnParameter(stack, 'Environment');
    expect(Standards.apply(stack, { product: 'P', environment: parameter.valueAsString }).environment).toBe(parameter.valueAsString);
  });

  test('two copies of the library find the same standards', () => {
    const app = new App();
    Standards.apply(app, { product: 'P', environment: 'dev' });
    jest.isolateModules(() => {
      const copy = jest.requireActual<typeof import('../../src/standards/standards')>('../../src/standards/standards');
      expect(copy.Standards).not.toBe(Standards);
      expect(copy.Standards.of(app).product).toBe('P');
    });
  });
});

describe('checks', () => {
  function appWithWildcardRole(checks?: boolean, stageOnly = false): App {
    const app = new App();
    const scope = stageOnly ? new Stage(app, 'Stage') : app;
    Standards.apply(scope, { product: 'P', environment: 'dev', checks });
    new CfnRole(new Stack(scope, 'Stack'), 'Role', {
      assumeRolePolicyDocument: {},
      policies: [{ policyName: 'P', policyDocument: { Statement: [{ Effect: 'Allow', Action: 'bedrock:*', Resource: '*' }] } }],
    });
    return app;
  }

  test('run at synth unless switched off', () => {
    const report = jest.spyOn(console, 'error').mockImplementation();
    const log = jest.spyOn(console, 'log').mockImplementation();
    expect(() => appWithWildcardRole().synth()).toThrow();
    expect(() => appWithWildcardRole(undefined, true).synth()).toThrow();
    expect(() => appWithWildcardRole(false).synth()).not.toThrow();
    report.mockRestore();
    log.mockRestore();
  });
});

describe('MuteWindow', () => {
  test('the standard one is 02:00–08:00 Asia/Tokyo', () => {
    const window = MuteWindow.standard();
    expect([window.start, window.duration.toHours(), window.timeZone]).toEqual(['02:00', 6, TimeZone.ASIA_TOKYO]);
  });

  test('may cross midnight', () => {
    expect(MuteWindow.daily({ start: '22:30', end: '06:00' }).duration.toMinutes()).toBe(450);
  });

  test.each(['24:00', '2:00', '02:60', 'noon'])('refuses %p as a time', time => {
    expect(() => MuteWindow.daily({ start: time, end: '08:00' })).toThrow(/not a time of day.*HH:MM/);
  });

  test('refuses an empty window', () => {
    expect(() => MuteWindow.daily({ start: '02:00', end: '02:00' })).toThrow(/empty.*MuteWindow\.none\(\)/);
  });
});
