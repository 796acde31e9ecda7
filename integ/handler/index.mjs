/** The standard makes an envelope of it. */
export const handler = async () => ({ answer: 42 });
