import { IResolvable, IResolveContext, Token } from 'aws-cdk-lib';

/** Where an OpenAPI definition holds the gateway responses of its API. */
export const OPENAPI_EXTENSION = 'x-amazon-apigateway-gateway-responses';

/** A gateway response, as the extension writes it. */
export interface OpenApiResponse {
  readonly statusCode?: string;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}

/** Gateway responses by type. */
export type OpenApiResponses = Readonly<Record<string, OpenApiResponse>>;

/** An inline definition with these gateway responses in the place of its own: beside a template of another type, both would be served. */
export class DefinitionWithResponses implements IResolvable {
  public readonly creationStack: string[] = [];

  constructor(private readonly definition: unknown, private readonly responses: OpenApiResponses) {}

  public resolve(context: IResolveContext): unknown {
    const definition = context.resolve(this.definition) as Record<string, unknown>;
    const own = (definition[OPENAPI_EXTENSION] ?? {}) as Record<string, Partial<OpenApiResponse> | undefined>;
    const responses = Object.entries(this.responses).map(([type, response]) => [type, {
      ...response,
      responseParameters: { ...furtherHeaders(own[type], response), ...response.responseParameters },
    }]);
    return { ...definition, [OPENAPI_EXTENSION]: Object.fromEntries(responses) as unknown };
  }

  public toString(): string {
    return Token.asString(this);
  }
}

/** The body is JSON now, whatever type its own template had; the names of headers know no case. */
function furtherHeaders(own: Partial<OpenApiResponse> | undefined, { responseParameters }: OpenApiResponse): Record<string, string> {
  const taken = ['gatewayresponse.header.Content-Type', ...Object.keys(responseParameters)].map(name => name.toLowerCase());
  return Object.fromEntries(Object.entries(own?.responseParameters ?? {}).filter(([name]) => !taken.includes(name.toLowerCase())));
}
