import { STANDARD_POLICY } from '../../../../runtime/node/bedrock/client/client-policy';
import { regionPair } from '../../../../runtime/node/bedrock/client/client-regions';

describe('the Regions of a client', () => {
  test.each([
    ['the given one before all others', { region: 'eu-west-1' }, { AWS_REGION: 'us-east-2' }, 'eu-west-1'],
    ['the one the function runs in', {}, { AWS_REGION: 'us-east-2', AWS_DEFAULT_REGION: 'ap-south-1' }, 'us-east-2'],
    ['the default one of the environment', {}, { AWS_DEFAULT_REGION: 'ap-south-1' }, 'ap-south-1'],
    ['the primary of the standard where there is none', {}, {}, 'us-east-1'],
  ])('the primary is %s', (_which, given, env, primary) => {
    expect(regionPair({ allowCrossRegion: false, ...given }, STANDARD_POLICY, env)).toEqual({ primary, fallback: undefined });
  });

  test.each([
    ['us-east-1', 'us-west-2'],
    ['eu-west-1', 'us-west-2'],
    ['us-west-2', 'us-east-1'],
  ])('%s falls back to %s', (region, fallback) => {
    expect(regionPair({ region, allowCrossRegion: true }, STANDARD_POLICY, {})).toEqual({ primary: region, fallback });
  });

  test.each(['cn-north-1', 'us-gov-west-1', 'us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'eusc-de-east-1'])(
    '%s has nowhere to fall back to, and the error says so', region => {
      expect(() => regionPair({ region, allowCrossRegion: true }, STANDARD_POLICY, {})).toThrow(
        /no fallback Region in this partition[^]*fix:/,
      );
      expect(regionPair({ region, allowCrossRegion: false }, STANDARD_POLICY, {})).toEqual({ primary: region, fallback: undefined });
    },
  );

  test.each(['useast1', 'us-east-1.evil.example', 'US-EAST-1', 'us-east-1/', '*', 'us-east-9', 'xx-nowhere-1', 'eu-east-1', ''])(
    '"%s" is no Region, and the error says what is', region => {
      for (const env of [{}, { AWS_REGION: 'eu-west-1' }]) {
        expect(() => regionPair({ region, allowCrossRegion: false }, STANDARD_POLICY, env)).toThrow(
          /Region does not exist[^]*given:[^]*allowed:[^]*fix:/,
        );
      }
    });

  test('a Region newer than the contract counts where the function runs in it', () => {
    const env = { AWS_REGION: 'eu-north-9' };
    expect(regionPair({ allowCrossRegion: false }, STANDARD_POLICY, env)).toEqual({ primary: 'eu-north-9', fallback: undefined });
    expect(regionPair({ region: 'eu-north-9', allowCrossRegion: true }, STANDARD_POLICY, env).primary).toBe('eu-north-9');
    expect(() => regionPair({ allowCrossRegion: false }, STANDARD_POLICY, { AWS_REGION: 'not a region' })).toThrow(/does not exist/);
  });
});
