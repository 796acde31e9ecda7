import { CfnFunction, Function } from 'aws-cdk-lib/aws-lambda';
import { FUNCTION_SETTINGS, RUNTIME_ENVIRONMENT } from '../contract/data';
import { AppAtSynth } from '../standards/app-at-synth';
import { Warning } from '../standards/warnings';

const { variables, nodeOptions, layers } = FUNCTION_SETTINGS.redirection;
const LAYER_HANDLERS: readonly unknown[] = Object.values(RUNTIME_ENVIRONMENT.layers).map(layer => layer.handler);

/** Warns of what may run in front of the standard's handler, or in its place: wrapper scripts, preloaded modules and monitoring layers. */
export function findForeignHandlers(fn: Function): (Warning | undefined)[] {
  const resource = fn.node.defaultChild as CfnFunction;
  const { Environment, Handler, Layers } = AppAtSynth.of(fn).properties(resource);
  const environment = (Environment as { readonly Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
  return [findReplacedHandler(Handler), findRedirection([
    ...variables.filter(name => name in environment),
    ...preloadsIn(environment.NODE_OPTIONS),
    ...(Array.isArray(Layers) ? Layers : []).flatMap(layer => monitoringLayer(layer) ?? []),
  ])];
}

function findReplacedHandler(handler: unknown): Warning | undefined {
  if (typeof handler !== 'string' || LAYER_HANDLERS.includes(handler)) return undefined;
  return {
    id: 'replacedHandler',
    message: `Lambda starts ${handler} and not the standard's handler, which was replaced after the standard came: nothing of it holds. `
      + 'Apply the other construct or library first, and StandardLambdaMixin last.',
  };
}

function findRedirection(found: string[]): Warning | undefined {
  if (found.length === 0) return undefined;
  return {
    id: 'handlerRedirection',
    message: `${found.join(', ')} may put code in front of the standard's handler: an answer that it writes or changes is no `
      + 'envelope of the standard\'s, and its start is no part of the probe. Remove it, or test that the answers stay as they are and '
      + 'acknowledge this.',
  };
}

/** The options that load a module before anything else: `--require x`, `--import=x`. */
function preloadsIn(options: unknown): string[] {
  if (typeof options !== 'string') return [];
  const given = options.split(/\s+/).map(option => option.split('=')[0]);
  return nodeOptions.filter(option => given.includes(option)).map(option => `NODE_OPTIONS ${option}`);
}

/** The name of a layer by its ARN, which may hold tokens elsewhere. */
function monitoringLayer(layer: unknown): string | undefined {
  const [, name] = /:layer:([\w-]+)/.exec(typeof layer === 'string' ? layer : JSON.stringify(layer)) ?? [];
  return name !== undefined && layers.some(known => name.startsWith(known)) ? `the layer ${name}` : undefined;
}
