/** A handler that knows nothing of the standard. */
export const handler = async (): Promise<{ answer: number }> => ({ answer: 42 });
