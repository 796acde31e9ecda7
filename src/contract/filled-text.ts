/**
 * A text with each `{METRIC_CATALOG.mandatoryAlarmsPerWorkload}` replaced by that value of the contract: a number or a name
 * stands in one file, also when a text of another one tells it.
 */
export function filledText(text: string, contract: object): string {
  return text.replace(/\{([A-Z_]+(?:\.\w+)+)\}/g, (_placeholder, path: string) => {
    const value = path.split('.').reduce<unknown>((holder, key) => (holder as Record<string, unknown> | undefined)?.[key], contract);
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw new Error(`{${path}} is no text or number of the contract: "${text}"`);
  });
}
