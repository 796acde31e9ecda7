import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

const dynamo = new DynamoDBClient({});

/** Puts a book into a cart. */
export async function handler(event: { readonly body?: string }): Promise<object> {
  const { cart, isbn } = JSON.parse(event.body ?? '{}') as { cart?: string; isbn?: string };
  if (!cart || !isbn) return { statusCode: 400, body: JSON.stringify({ error: 'Name a cart and a book.' }) };
  await dynamo.send(new UpdateItemCommand({
    TableName: process.env.CARTS_TABLE,
    Key: { cart: { S: cart } },
    UpdateExpression: 'ADD books :book',
    ExpressionAttributeValues: { ':book': { SS: [isbn] } },
  }));
  return { statusCode: 200, body: JSON.stringify({ cart }) };
}
