import { adviceFor } from './advice';
import { functionEnvironment } from './workloads';
import { BEDROCK_ROLE, RUNTIME_ENVIRONMENT } from '../../../contract/data';
import { isRecord } from '../../../contract/template/template-values';
import { AppModel } from '../template/app-model';
import { TemplateResource } from '../template/template';

const { layers, variables: { probe } } = RUNTIME_ENVIRONMENT;
const SUPPORTED = Object.values(layers).map(({ runtimes }) => new RegExp(runtimes));

/** How to mend a function that cannot have the runtime layer; undefined for one that can. */
export function adviceWithoutLayer(fn: TemplateResource, app: AppModel): string | undefined {
  const { PackageType, Code, ImageUri, Runtime } = fn.properties;
  if (app.texts(fn, PackageType).includes('Image') || ImageUri !== undefined || (isRecord(Code) && Code.ImageUri !== undefined)) {
    return adviceFor('containerImage');
  }
  const others = app.texts(fn, Runtime).filter(runtime => !SUPPORTED.some(pattern => pattern.test(runtime)));
  if (others.length === 0 || Runtime === undefined) return undefined;
  return adviceFor('otherRuntime', others.join(' or '));
}

/** Whether a function of the standard, with a role of the standard, checks nothing of that role while it starts. */
export function isProbeOff(fn: TemplateResource, app: AppModel): boolean {
  const values = app.texts(fn, functionEnvironment(fn, app)[probe.name]);
  const asked = values.some(value => value !== 'NONE');
  return !asked && app.referenced(fn, 'Role').some(role => hasVersionTag(role, app));
}

function hasVersionTag(role: TemplateResource, app: AppModel): boolean {
  return app.items(role, role.properties.Tags).filter(isRecord).some(({ Key }) => Key === BEDROCK_ROLE.versionTag);
}
