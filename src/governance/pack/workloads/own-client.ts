import { CLIENT_POLICY, RUNTIME_ENVIRONMENT } from '../../../contract/data';
import { isRecord } from '../../../contract/template/template-values';
import { AppModel } from '../template/app-model';
import { TemplateResource } from '../template/template';

const { classes, serviceId } = CLIENT_POLICY.bypass;
const NAMES = classes.join('|');

/** `new BedrockRuntimeClient(`, `new sdk.BedrockRuntimeClient(`. Every part has a bound: code may be of any shape and length. */
const BUILT = new RegExp(`\\bnew\\s{1,9}(?:[\\w$]{1,60}\\s{0,9}\\.\\s{0,9}){0,4}(?:${NAMES})\\s{0,9}\\(`);
/** `{ BedrockRuntimeClient as a }` of an import, `{ BedrockRuntimeClient: a }` of a require. */
const RENAMED = new RegExp(`\\b(?:${NAMES})\\s{0,9}(?:\\bas\\b|:)\\s{0,9}([\\w$]{1,60})`, 'g');
/** The whole package offers the class by its name, also to code that wants something else of it. */
const OFFERED = new RegExp(`\\b(?:${NAMES})\\s{0,9}[:=]`);
/** The settings of the client, which a bundler keeps where the client is built and drops where only commands are. */
const SETTINGS = new RegExp(`serviceId[^"'\`]{0,80}["'\`]${serviceId}["'\`]`);

/**
 * Whether the code of a function builds a Bedrock client of the SDK by itself. The runtime has one too: nothing is said of code that
 * bundles the runtime.
 */
export function buildsOwnClient(fn: TemplateResource, app: AppModel): boolean {
  return app.once('builds its own client', fn, () => {
    for (const script of scriptsOf(fn, app)) {
      if (script.includes(RUNTIME_ENVIRONMENT.bundleMarker)) return false;
      if (buildsClient(script)) return true;
    }
    return false;
  });
}

function* scriptsOf(fn: TemplateResource, app: AppModel): Generator<string> {
  const { Code, InlineCode } = fn.properties;
  yield* app.texts(fn, InlineCode ?? (isRecord(Code) ? Code.ZipFile : undefined));
  yield* fn.origin?.asset?.scripts() ?? [];
}

/** By the class, by another name for it, or, where a minifier took its name away, by what else the client brings with it. */
function buildsClient(script: string): boolean {
  if (BUILT.test(script)) return true;
  for (const [, name] of script.matchAll(RENAMED)) if (isBuilt(name, script)) return true;
  return SETTINGS.test(script) && !OFFERED.test(script);
}

function isBuilt(name: string, script: string): boolean {
  return new RegExp(`\\bnew\\s{1,9}${name.replaceAll('$', '\\$')}\\s{0,9}[(;,)]`).test(script);
}
