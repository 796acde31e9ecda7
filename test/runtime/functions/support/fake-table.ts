import type { FakeOperation } from '../../../support/fake-api';
import { reply } from '../../../support/fake-api';

interface Value {
  readonly S?: string;
  readonly N?: string;
  readonly BOOL?: boolean;
}

export type Item = Record<string, Value>;

interface Names {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, Value>>;
}

/** A table of DynamoDB with a partition key, and of the language of expressions what the library's functions say. */
export class FakeTable {
  public readonly items = new Map<string, Item>();

  public constructor(private readonly key: string) {}

  public get operations(): Readonly<Record<string, FakeOperation>> {
    return {
      GetItem: ({ Key }: { Key: Item }) => ({ Item: this.items.get(this.idOf(Key)) }),
      PutItem: input => this.change(input.Item, input, () => input.Item),
      UpdateItem: input => this.change(input.Key, input, old => ({ ...old, ...input.Key, ...updated(input, old) })),
    };
  }

  private change(key: Item, input: Names & { ConditionExpression?: string }, changed: (old: Item) => Item): unknown {
    const old = this.items.get(this.idOf(key));
    if (input.ConditionExpression !== undefined && !new Condition(input, old ?? {}).holds(input.ConditionExpression)) return refused(old);
    this.items.set(this.idOf(key), changed(old ?? {}));
    return {};
  }

  private idOf(key: Item): string {
    return key[this.key].S!;
  }
}

/** `SET a = :b, … REMOVE c, …` */
function updated(input: Names & { UpdateExpression: string }, old: Item): Record<string, Value | undefined> {
  const [, set, remove] = /^SET (.+?)(?: REMOVE (.+))?$/.exec(input.UpdateExpression)!;
  const nameOf = (name: string) => input.ExpressionAttributeNames?.[name.trim()] ?? name.trim();
  const removed = remove?.split(',').map(nameOf).filter(name => name in old) ?? [];
  return Object.fromEntries([
    ...removed.map(name => [name, undefined]),
    ...set.split(',').map(part => part.split('=')).map(([name, value]) => [nameOf(name), input.ExpressionAttributeValues![value.trim()]]),
  ]);
}

/** Of one item: comparisons, the two functions of presence, AND, OR and parentheses. */
class Condition {
  private tokens: string[] = [];

  public constructor(private readonly names: Names, private readonly item: Item) {}

  public holds(expression: string): boolean {
    this.tokens = expression.match(/[()]|<>|<=?|>=?|=|[#:]?\w+/g) ?? [];
    const holds = this.either();
    if (this.tokens.length > 0) throw new Error(`The fake does not understand ${expression}`);
    return holds;
  }

  private either(): boolean {
    let holds = this.both();
    while (this.take('OR')) holds = this.both() || holds;
    return holds;
  }

  private both(): boolean {
    let holds = this.one();
    while (this.take('AND')) holds = this.one() && holds;
    return holds;
  }

  private one(): boolean {
    if (this.take('(')) return this.closed(this.either());
    const [word] = this.tokens;
    if (word === 'attribute_exists' || word === 'attribute_not_exists') {
      this.tokens.splice(0, 2);
      return this.closed((this.value() !== undefined) === (word === 'attribute_exists'));
    }
    const left = this.value();
    const sign = this.tokens.shift()!;
    const right = this.value();
    if (sign === '<>') return left !== right;
    if (left === undefined || right === undefined) return false;
    return sign === '=' ? left === right : sign === '<' ? left < right : left > right;
  }

  private value(): string | number | boolean | undefined {
    const word = this.tokens.shift()!;
    const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = this.names;
    const value = word.startsWith(':') ? values[word] : this.item[names[word] ?? word];
    return value?.N === undefined ? value?.S ?? value?.BOOL : Number(value.N);
  }

  private closed(holds: boolean): boolean {
    if (!this.take(')')) throw new Error('The fake misses a )');
    return holds;
  }

  private take(token: string): boolean {
    if (this.tokens[0] !== token) return false;
    this.tokens.shift();
    return true;
  }
}

function refused(Item: Item | undefined): unknown {
  const __type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
  return reply({ status: 400, headers: { 'x-amzn-errortype': __type }, body: { __type, message: 'The conditional request failed', Item } });
}
