/** The five incidents that the standard exists to prevent, each in a sentence. */
export const INCIDENTS = {
  clientDrift: 'Bedrock client drift: during a latency spike of a Region one service recovered in 45 s, one gave up after 1 s, and one hung for 4 minutes, because each had built its own client.',
  promptDrift: 'Prompt drift: production answered with a prompt that somebody had edited there, while development still worked.',
  metricDrift: 'Metric naming drift: a dashboard showed zero errors during an outage, because two of three services emitted their errors under other names.',
  envelopeDrift: 'Missing error envelope: three services failed in three shapes, one of them a raw traceback in the body of a 500.',
  roleDrift: 'Role drift: AmazonBedrockFullAccess, added to get past an AccessDenied, was copied until four services held bedrock:*.',
} as const;
