import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { jsonBody } from '../json-body';
import { EnvelopeError } from 'cdk-plumbline/runtime';

const dynamodb = new DynamoDBClient({});

/** POST /cart {"cart_id": "…", "title_id": "…", "quantity": 1} */
export async function handler(event: APIGatewayProxyEvent): Promise<{ cart_id: string; title_id: string; quantity: number }> {
  const { cart_id, title_id, quantity } = jsonBody(event);
  if (!isId(cart_id) || !isId(title_id)) {
    throw new EnvelopeError('INVALID_REQUEST', 'cart_id and title_id must be ids of letters, digits and dashes.');
  }
  if (!Number.isInteger(quantity) || (quantity as number) < 0) {
    throw new EnvelopeError('INVALID_REQUEST', 'quantity must be a whole number, 0 or more.');
  }

  await dynamodb.send(new UpdateItemCommand({
    TableName: process.env.CARTS_TABLE,
    Key: { cart_id: { S: cart_id } },
    UpdateExpression: 'SET #title = :quantity',
    ExpressionAttributeNames: { '#title': title_id },
    ExpressionAttributeValues: { ':quantity': { N: String(quantity) } },
  }));
  return { cart_id, title_id, quantity: quantity as number };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(value);
}
