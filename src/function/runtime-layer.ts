import {
  CfnCodeSigningConfig, CfnFunction, CfnLayerVersion, Function, ILayerVersion, UntrustedArtifactOnDeployment,
} from 'aws-cdk-lib/aws-lambda';
import { RuntimeLayer, RuntimeSupport } from './runtime-support';
import { referencesIn, resolvedProperties } from '../standards/late-values/references';
import { RUNTIME_LAYER, sharedMark } from '../standards/marks';
import { teachingError } from '../standards/teaching-error';
import { warn } from '../standards/warnings';

/**
 * Gives a function the runtime layer: the library's own, or the one that its user signed. A version of the function holds the content
 * of its layer: with another content it is another version.
 *
 * Errors: a function that takes signed code only, and the library's own layer, which nobody signed.
 */
export function addRuntimeLayer(fn: Function, support: RuntimeSupport, signed?: ILayerVersion): void {
  if (!signed) requireUnsignedAllowed(fn, support);
  const layer = signed ?? RuntimeLayer.of(fn, support);
  fn.addLayers(layer);
  const resource = layer.node.defaultChild;
  if (!(resource instanceof CfnLayerVersion)) return;
  sharedMark(resource, RUNTIME_LAYER, () => true);
  fn.invalidateVersionBasedOn(JSON.stringify(resource.stack.resolve(resource.content)));
}

function requireUnsignedAllowed(fn: Function, { asset }: RuntimeSupport): void {
  const { codeSigningConfigArn } = fn.node.defaultChild as CfnFunction;
  if (codeSigningConfigArn === undefined) return;
  const config = referencesIn(fn, codeSigningConfigArn).find(target => target instanceof CfnCodeSigningConfig);
  const fix = `sign ${asset} of this package with AWS Signer, and give the signed layer as runtimeLayer`;
  if (policyOf(config) === UntrustedArtifactOnDeployment.ENFORCE) {
    throw teachingError(fn, {
      problem: 'The function takes signed code only, and nobody has signed the runtime layer of the library',
      given: { untrustedArtifactOnDeployment: UntrustedArtifactOnDeployment.ENFORCE },
      allowed: 'a runtimeLayer that a signing profile of the codeSigningConfig has signed',
      fix,
    });
  }
  warn(fn, {
    id: 'unsignedRuntimeLayer',
    message: 'Lambda checks the signatures of the function\'s code and layers, and nobody has signed the runtime layer of the library: '
      + `where the code signing configuration enforces signatures, the deployment fails. To mend it, ${fix}.`,
  });
}

/** Undefined for an imported configuration, or one that is known only at deployment. */
function policyOf(config?: CfnCodeSigningConfig): unknown {
  const policies = config && resolvedProperties(config).CodeSigningPolicies;
  return (policies as { readonly UntrustedArtifactOnDeployment?: unknown } | undefined)?.UntrustedArtifactOnDeployment;
}
