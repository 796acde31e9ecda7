/**
 * A cart whose database refuses it, and whose author did not think of that.
 *
 * `{"how": "throw"}` lets the error out; `{"how": "return"}` puts it into the body, as much code in the wild does.
 */
export async function handler(event: { body?: string }): Promise<unknown> {
  const { how } = JSON.parse(event.body ?? '{}') as { how?: string };
  try {
    return openDatabase();
  } catch (error) {
    if (how !== 'return') throw error;
    return { statusCode: 500, body: JSON.stringify({ error: (error as Error).stack }) };
  }
}

function openDatabase(): never {
  throw new Error('User: arn:aws:sts::123456789012:assumed-role/cart-prod/cart is not authorized to perform: ' +
    'secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/cart-db-AbCdEf');
}
