"""The twin of app.ts, line by line: the step `wheel` compares what they synthesise."""

from pathlib import Path

from aws_cdk import App, Environment, Stack
from aws_cdk.aws_apigateway import LambdaIntegration, RestApi
from aws_cdk.aws_lambda import Code, Function, Runtime
from aws_cdk.aws_sns import Topic
from cdk_plumbline import (
    BedrockTaskRole,
    CatalogMetric,
    EnvelopeGatewayResponses,
    GenAiEndpoint,
    GenAiModel,
    HandlerKind,
    MissingMetricAlarm,
    StandardLambdaMixin,
    StandardLambda,
    StandardRestApi,
    Standards,
)

SEED_MODELS = ["anthropic.claude-3-sonnet-20240229-v1:0", "anthropic.claude-3-haiku-20240307-v1:0"]

app = App(analytics_reporting=False)
stack = Stack(app, "Twin", env=Environment(account="123456789012", region="us-east-1"))

Standards.apply(
    stack,
    product="MangaAssist",
    environment="prod",
    alarm_topic=Topic.from_topic_arn(stack, "Alarms", "arn:aws:sns:us-east-1:123456789012:alarms"),
)

role = BedrockTaskRole(
    stack,
    "ChatRole",
    allowed_models=SEED_MODELS,
    keep_after_end_of_life=SEED_MODELS,
)

chat = StandardLambda(
    stack,
    "Chat",
    service_name="chat",
    code=Code.from_asset(str(Path(__file__).parent / "handler")),
    handler="index.handler",
    role=role,
    kind=HandlerKind.API,
)

cart = Function(
    stack,
    "Cart",
    runtime=Runtime.NODEJS_22_X,
    code=Code.from_asset(str(Path(__file__).parent / "handler")),
    handler="index.handler",
)
cart.with_(StandardLambdaMixin(service_name="cart", kind=HandlerKind.EVENT))

api = StandardRestApi(stack, "Api", allow_origins=["https://manga.example"])
api.root.add_resource("chat").add_method("POST", LambdaIntegration(chat))

other_api = RestApi(stack, "OtherApi", cloud_watch_role=False)
other_api.root.add_method("POST", LambdaIntegration(chat))
EnvelopeGatewayResponses(stack, "OtherApiEnvelope", rest_api=other_api)

MissingMetricAlarm(stack, "NoInvocations", metric=CatalogMetric.BEDROCK_INVOCATION_COUNT)

endpoint = GenAiEndpoint(
    stack,
    "Falcon",
    model=GenAiModel.jump_start("huggingface-llm-falcon-7b-instruct-bf16", "4.6.16"),
    instance_type="ml.g5.2xlarge",
)
endpoint.grant_invoke(role)

app.synth()
