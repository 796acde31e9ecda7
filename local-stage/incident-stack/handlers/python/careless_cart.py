"""A cart whose database refuses it, and whose author did not think of that: careless-cart.ts in Python."""

import json
import traceback


def handler(event, _context):
    how = json.loads(event.get("body") or "{}").get("how")
    try:
        return _open_database()
    except PermissionError:
        if how != "return":
            raise
        return {"statusCode": 500, "body": json.dumps({"error": traceback.format_exc()})}


def _open_database():
    raise PermissionError(
        "User: arn:aws:sts::123456789012:assumed-role/cart-prod/cart is not authorized to perform: "
        "secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/cart-db-AbCdEf"
    )
