export const handler = async () => 'not ours';
