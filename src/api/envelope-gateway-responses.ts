import { Stack, Validations } from 'aws-cdk-lib';
import {
  CfnGatewayResponse, CfnRestApi, Deployment, GatewayResponse, IRestApi, ResponseType, RestApiMode,
} from 'aws-cdk-lib/aws-apigateway';
import { Construct, IConstruct } from 'constructs';
import { corsHeaders, preflightOf } from './gateway-cors';
import { envelopeTemplate, GatewayResponseContract, gatewayResponseContracts } from './gateway-response-template';
import { DefinitionWithResponses, OPENAPI_EXTENSION, OpenApiResponses } from './openapi-definition';
import { isResourceOf } from './resource-type';
import { teachingError, teachingMessage } from '../standards/teaching-error';

const JSON_CONTENT = 'application/json';

/** Properties of `EnvelopeGatewayResponses`. */
export interface EnvelopeGatewayResponsesProps {
  /** The API whose own answers become envelopes: any REST API, also one from an OpenAPI definition or an imported one. */
  readonly restApi: IRestApi;

  /**
   * Origins of the pages that may read the answers; an empty list for none.
   *
   * One origin is sent as it is. Several become `*`: an answer names one origin only, and holds nothing but a static text
   * and two ids.
   *
   * @default - those of the API's `defaultCorsPreflightOptions`; none when it has no such options, or is imported
   */
  readonly allowOrigins?: string[];

  /**
   * Whether pages that send credentials may read the answers. Browsers want exactly one origin then.
   *
   * @default - as in the API's `defaultCorsPreflightOptions`; false with `allowOrigins`
   */
  readonly allowCredentials?: boolean;
}

/**
 * Turns everything that API Gateway answers by itself into the error envelope: an unknown path, a missing key, a rejected
 * body, throttling, a failed integration. One gateway response for each type that API Gateway has: as a resource, or, for
 * an API with an inline OpenAPI definition, in that definition, whose next import would remove the resources. There they
 * replace the definition's own gateway responses with their templates and statuses; only further headers of those stay.
 *
 * The stage serves them from its next deployment on. An API that deploys itself is deployed again with them; for a
 * deployment of your own call `addToDeployment`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
export class EnvelopeGatewayResponses extends Construct {
  private readonly restApi: IRestApi;
  private readonly headers: Record<string, string>;

  constructor(scope: Construct, id: string, props: EnvelopeGatewayResponsesProps) {
    super(scope, id);
    this.restApi = props.restApi;
    this.requireSameStack();
    this.headers = this.corsHeadersFor(props);
    const definedApi = this.apiWithDefinition();
    if (definedApi?.body !== undefined) {
      definedApi.body = new DefinitionWithResponses(definedApi.body, this.openApiResponses());
    } else {
      if (definedApi) this.keepBesideDefinition(definedApi);
      for (const [type, contract] of gatewayResponseContracts()) this.createResponse(type, contract);
    }
    this.node.addValidation({ validate: () => this.rivals() });
  }

  /**
   * Makes a deployment of your own wait for the responses and happen again when they change.
   *
   * Needed only for an API with `deploy: false`, or an imported one.
   */
  public addToDeployment(deployment: Deployment): void {
    deployment.node.addDependency(this);
    deployment.addToLogicalId({ [OPENAPI_EXTENSION]: this.openApiResponses() });
  }

  private createResponse(type: string, { code, statusCode }: GatewayResponseContract): void {
    new GatewayResponse(this, type, {
      restApi: this.restApi,
      type: ResponseType.of(type),
      statusCode: statusCode?.toString(),
      responseHeaders: this.headers,
      templates: { [JSON_CONTENT]: envelopeTemplate(code) },
    });
  }

  private corsHeadersFor({ restApi, allowOrigins, allowCredentials }: EnvelopeGatewayResponsesProps): Record<string, string> {
    const inherited = allowOrigins ? undefined : preflightOf(restApi);
    return corsHeaders(this, {
      allowOrigins: allowOrigins ?? inherited?.allowOrigins ?? [],
      allowCredentials: allowCredentials ?? inherited?.allowCredentials,
      exposeHeaders: inherited?.exposeHeaders,
    });
  }

  /** The deployment in the API's stack would have to wait for this stack, which itself waits for the API. */
  private requireSameStack(): void {
    const deployment = this.restApi.latestDeployment;
    if (!deployment || Stack.of(deployment) === Stack.of(this)) return;
    throw teachingError(this, {
      problem: "The gateway responses are not in the stack of the API's deployment, which must wait for them",
      given: Stack.of(this).node.path,
      allowed: Stack.of(deployment).node.path,
      fix: 'create EnvelopeGatewayResponses with the API as its scope',
    });
  }

  private apiWithDefinition(): CfnRestApi | undefined {
    const api = this.restApi.node.defaultChild;
    if (!isResourceOf<CfnRestApi>(api, CfnRestApi.CFN_RESOURCE_TYPE_NAME)) return undefined;
    return api.body === undefined && api.bodyS3Location === undefined ? undefined : api;
  }

  /** Each import of a definition that is not merged removes the gateway responses it does not hold (aws-cdk issue 28652). */
  private keepBesideDefinition(api: CfnRestApi): void {
    if (api.mode !== RestApiMode.MERGE) {
      throw teachingError(this, {
        problem: 'Each new version of the API definition would remove the gateway responses again',
        given: { apiDefinition: 'a file in S3', mode: api.mode },
        allowed: 'a definition in S3 with mode RestApiMode.MERGE, or an inline definition',
        fix: 'give the SpecRestApi mode: RestApiMode.MERGE, or ApiDefinition.fromInline(…)',
      });
    }
    Validations.of(api).acknowledge({
      id: 'CloudFormation-Validate::W3660',
      reason: 'The definition is merged, so it keeps the gateway responses that stand beside it.',
    });
  }

  private openApiResponses(): OpenApiResponses {
    const parameters = Object.fromEntries(Object.entries(this.headers).map(([name, value]) => [`gatewayresponse.header.${name}`, value]));
    return Object.fromEntries(gatewayResponseContracts().map(([type, { code, statusCode }]) => [type, {
      ...(statusCode === undefined ? {} : { statusCode: statusCode.toString() }),
      responseParameters: parameters,
      responseTemplates: { [JSON_CONTENT]: envelopeTemplate(code) },
    }]));
  }

  /** Two gateway responses of one type for one API overwrite each other, and the last one wins. */
  private rivals(): string[] {
    const stack = Stack.of(this);
    const apiId = JSON.stringify(stack.resolve(this.restApi.restApiId));
    return stack.node.findAll()
      .filter(isGatewayResponse)
      .filter(response => !response.node.scopes.includes(this) && JSON.stringify(Stack.of(response).resolve(response.restApiId)) === apiId)
      .map(response => teachingMessage(this, {
        problem: 'The API has another gateway response of the same type; which of the two it serves is left to chance',
        given: `${response.node.path} (${response.responseType})`,
        allowed: 'the envelope only',
        fix: `remove ${response.node.path}`,
      }));
  }
}

function isGatewayResponse(node: IConstruct): node is CfnGatewayResponse {
  return isResourceOf(node, CfnGatewayResponse.CFN_RESOURCE_TYPE_NAME);
}
