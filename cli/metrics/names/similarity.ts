import { KnownMetric } from './known-metrics';

/** How near a name is to a known one: 0 to 1, and in which words. */
export interface Likeness {
  readonly metric: KnownMetric;
  readonly score: number;
  readonly why: string;
}

/** Words that say the same in names of metrics, by the one that the catalogue uses. */
const SAME: Readonly<Record<string, string>> = {
  call: 'invocation',
  calls: 'invocation',
  request: 'invocation',
  requests: 'invocation',
  invocations: 'invocation',
  invoke: 'invocation',
  invokes: 'invocation',
  throttle: 'throttling',
  throttles: 'throttling',
  throttled: 'throttling',
  duration: 'latency',
  time: 'latency',
  millis: 'ms',
  milliseconds: 'ms',
  e2e: 'end',
  chunks: 'chunk',
  documents: 'chunk',
  docs: 'chunk',
  passages: 'chunk',
  retrieved: 'retrieval',
  rag: 'retrieval',
  sessions: 'session',
  errors: 'error',
  failures: 'error',
  failure: 'error',
  failed: 'error',
  exceptions: 'error',
  fallbacks: 'fallback',
  regional: 'region',
  counter: 'count',
  num: 'count',
  number: 'count',
  total: 'count',
  llm: 'bedrock',
  model: 'bedrock',
};
/** Said by nearly every name, so that it tells little. */
const WEIGHTS: Readonly<Record<string, number>> = { count: 0.3, ms: 0.3, to: 0.1, end: 0.5, bedrock: 0.6, region: 0.7 };
/** Below it two names have only a common word. */
const LEAST = 0.5;

/** The known metric that a name most likely means; undefined where none is near, or two are as near as each other. */
export function tryMostLike(namespace: string, name: string, known: readonly KnownMetric[]): Likeness | undefined {
  const [first, second] = known.map(metric => likeness(namespace, name, metric)).sort((one, other) => other.score - one.score);
  if (!first || first.score < LEAST || second?.score === first.score) return undefined;
  return first;
}

function likeness(namespace: string, name: string, metric: KnownMetric): Likeness {
  const target = wordsOf(`${metric.area} ${metric.name}`);
  const own = wordsOf(name);
  // A namespace may say what the name leaves out, but what it says besides counts against nothing.
  const helping = [...wordsOf(namespace)].filter(word => target.has(word));
  const given = new Set([...own, ...helping]);
  const common = [...given].filter(word => target.has(word));
  const union = new Set([...given, ...target]);
  const score = weightOf(common) / weightOf([...union]);
  return { metric, score: Math.round(score * 100) / 100, why: `both say ${common.join(', ')}` };
}

/** `bedrock_calls`, `BedrockCalls` and `bedrock.calls` say the same. */
function wordsOf(text: string): Set<string> {
  const apart = text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');
  const words = apart.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return new Set(words.map(word => (Object.hasOwn(SAME, word) ? SAME[word] : word)));
}

function weightOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + (Object.hasOwn(WEIGHTS, word) ? WEIGHTS[word] : 1), 0);
}
