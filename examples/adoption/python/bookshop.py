"""The shop in three stages, and the pipeline that deploys it: the twin of the files beside this folder."""

from aws_cdk import CfnOutput, Duration, Environment, Stack, Stage
from aws_cdk.aws_apigatewayv2 import HttpApi, HttpMethod
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from aws_cdk.aws_dynamodb import Attribute, AttributeType, ITableV2, TableV2
from aws_cdk.aws_iam import IRole, ManagedPolicy, Role, ServicePrincipal
from aws_cdk.aws_lambda import Code, Function, FunctionUrlAuthType, IFunction, Runtime
from aws_cdk.pipelines import CodePipeline, CodePipelineSource, ManualApprovalStep, ShellStep
from cdk_plumbline import BedrockTaskRole, CatalogMetric, StandardLambda, StandardLambdaMixin, Standards
from constructs import Construct
from services import CODE, CartService, ChatService, CoverService, DigestStack, PicksService
from step import Step, checks_at, envelope_at

MODEL = "amazon.nova-lite-v1:0"
SEARCH_MODEL = "amazon.titan-embed-text-v2:0"
REGION = "us-east-1"
REGION_OF_SEARCH = "us-west-2"
CONNECTION = "arn:aws:codeconnections:us-east-1:111122223333:connection/00000000-0000-4000-8000-000000000000"
SILENCE = [CatalogMetric.LATENCY_END_TO_END_MS, CatalogMetric.BEDROCK_INVOCATION_COUNT]


def service_code(service: str) -> Code:
    return Code.from_asset(str(CODE / service), exclude=["__pycache__"])


class ShopStack(Stack):
    def __init__(self, scope: Construct, id: str, *, step: Step) -> None:
        super().__init__(scope, id, cross_region_references=True)
        self.titles = TableV2(self, "Titles", partition_key=Attribute(name="isbn", type=AttributeType.STRING))
        writer = self._writer() if step >= Step.DONE else None
        api = HttpApi(self, "Api")
        self._route(api, "/chat", ChatService(self, "Chat", step=step, model=MODEL).fn)
        self._route(api, "/cart", CartService(self, "Cart", step=step).fn)
        CoverService(self, "Cover", writer=writer)
        PicksService(self, "Picks", step=step, model=MODEL)
        DigestStack(self, "Digest", titles=self.titles, model=MODEL, writer=writer)

    def _route(self, api: HttpApi, path: str, fn: IFunction) -> None:
        api.add_routes(path=path, methods=[HttpMethod.POST], integration=HttpLambdaIntegration(f"Integration{path[1:]}", fn))

    def _writer(self) -> StandardLambda:
        return StandardLambda(
            self,
            "Writer",
            service_name="writer",
            code=service_code("writer"),
            handler="index.handler",
            role=BedrockTaskRole(self, "WriterRole", allowed_models=[MODEL]),
            environment={"MODEL": MODEL},
            timeout=Duration.seconds(90),
            memory_size=512,
            alarms=SILENCE,
        )


class SearchStack(Stack):
    def __init__(self, scope: Construct, id: str, *, step: Step, titles: ITableV2, env: Environment) -> None:
        super().__init__(scope, id, cross_region_references=True, env=env)
        search = Function(
            self,
            "Function",
            code=service_code("search"),
            handler="search.handler" if step < Step.DONE else "standard.handler",
            runtime=Runtime.PYTHON_3_13,
            timeout=Duration.seconds(30),
            memory_size=512,
            role=self._role() if step < Step.DONE else self._standard_role(),
            environment={"MODEL": SEARCH_MODEL, "TITLES_TABLE": titles.table_name},
        )
        titles.grant_read_data(search)
        url = search.add_function_url(auth_type=FunctionUrlAuthType.AWS_IAM)
        CfnOutput(self, "Url", value=url.url)
        if step >= Step.LAYER:
            alarms = SILENCE if step >= Step.DONE else None
            search.with_(StandardLambdaMixin(service_name="search", envelope=envelope_at(step), alarms=alarms))

    def _role(self) -> IRole:
        names = ["service-role/AWSLambdaBasicExecutionRole", "AmazonBedrockFullAccess"]
        return Role(
            self,
            "Role",
            assumed_by=ServicePrincipal("lambda.amazonaws.com"),
            managed_policies=[ManagedPolicy.from_aws_managed_policy_name(name) for name in names],
        )

    def _standard_role(self) -> IRole:
        return BedrockTaskRole(self, "Role", allowed_models=[SEARCH_MODEL], allow_embeddings=True)


class BookshopStage(Stage):
    def __init__(self, scope: Construct, id: str, *, step: Step, account: str) -> None:
        super().__init__(scope, id, env=Environment(account=account, region=REGION))
        if step >= Step.STANDARDS:
            Standards.apply(self, product="Bookshop", environment=id, checks=checks_at(step))
        shop = ShopStack(self, "Shop", step=step)
        env = Environment(account=account, region=REGION_OF_SEARCH)
        SearchStack(self, "Search", step=step, titles=shop.titles, env=env)


class BookshopPipeline(Stack):
    def __init__(self, scope: Construct, id: str, step: Step) -> None:
        super().__init__(scope, id, env=Environment(account="111122223333", region=REGION))
        pipeline = CodePipeline(
            self,
            "Pipeline",
            cross_account_keys=True,
            synth=ShellStep(
                "Synth",
                input=CodePipelineSource.connection("bookshop/app", "main", connection_arn=CONNECTION),
                commands=["npm ci", "npx cdk synth"],
            ),
        )
        pipeline.add_stage(BookshopStage(self, "dev", step=step, account="222222222222"))
        pipeline.add_stage(BookshopStage(self, "staging", step=step, account="333333333333"))
        release = ManualApprovalStep("Release")
        pipeline.add_stage(BookshopStage(self, "prod", step=step, account="444444444444"), pre=[release])
