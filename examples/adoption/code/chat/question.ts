/** What a customer asks; undefined when the body holds no question. */
export function questionOf(body: string | undefined): string | undefined {
  try {
    const { question } = JSON.parse(body ?? '') as { question?: unknown };
    return typeof question === 'string' && question.trim() !== '' ? question : undefined;
  } catch {
    return undefined;
  }
}
