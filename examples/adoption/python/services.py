"""The services of the shop, each as its twin in TypeScript."""

from pathlib import Path

from aws_cdk import Acknowledgment, CfnOutput, Duration, NestedStack, Validations
from aws_cdk.aws_bedrock import FoundationModel, FoundationModelIdentifier
from aws_cdk.aws_dynamodb import Attribute, AttributeType, ITableV2, TableV2
from aws_cdk.aws_ec2 import SubnetConfiguration, SubnetType, Vpc
from aws_cdk.aws_ecr import Repository
from aws_cdk.aws_ecs import Cluster, ContainerImage, FargateService, FargateTaskDefinition, LogDrivers
from aws_cdk.aws_events import Rule, Schedule
from aws_cdk.aws_events_targets import SfnStateMachine
from aws_cdk.aws_iam import IRole, PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_lambda import DockerImageCode, DockerImageFunction, FunctionUrlAuthType, IFunction, Runtime
from aws_cdk.aws_lambda_nodejs import BundlingOptions, LogLevel, NodejsFunction
from aws_cdk.aws_stepfunctions import DefinitionBody, StateMachine, TaskInput
from aws_cdk.aws_stepfunctions_tasks import BedrockInvokeModel, DynamoAttributeValue, DynamoPutItem, LambdaInvoke
from cdk_plumbline import (
    BedrockGrants,
    BedrockTaskRole,
    CatalogMetric,
    IamProbe,
    MissingMetricAlarm,
    StandardLambdaMixin,
    Standards,
)
from constructs import Construct
from step import Step, envelope_at

CODE = Path(__file__).parents[1] / "code"
REPOSITORY = Path(__file__).parents[3]
PICKS = "picks"


def bundled(service: str, file: str = "index.ts") -> dict:
    """How esbuild bundles the code of a service: the lock file is the one of the repository."""
    return {
        "entry": str(CODE / service / file),
        "project_root": str(REPOSITORY),
        "deps_lock_file_path": str(REPOSITORY / "package-lock.json"),
        "bundling": BundlingOptions(external_modules=["@aws-sdk/*", "cdk-plumbline/runtime"], log_level=LogLevel.ERROR),
    }


class ChatService(Construct):
    def __init__(self, scope: Construct, id: str, *, step: Step, model: str) -> None:
        super().__init__(scope, id)
        self.fn = NodejsFunction(
            self,
            "Function",
            **bundled("chat", "index.ts" if step < Step.DONE else "standard.ts"),
            runtime=Runtime.NODEJS_22_X,
            timeout=Duration.seconds(28),
            memory_size=512,
            environment={"MODEL": model},
        )
        if step < Step.DONE:
            self.fn.add_to_role_policy(PolicyStatement(actions=["bedrock:*"], resources=["*"]))
        else:
            BedrockGrants.grant_invoke(self.fn, [model])
        if step >= Step.LAYER:
            done = {
                "probe": IamProbe.BASIC,
                "alarms": [CatalogMetric.LATENCY_END_TO_END_MS, CatalogMetric.BEDROCK_INVOCATION_COUNT],
            }
            self.fn.with_(
                StandardLambdaMixin(service_name="chat", envelope=envelope_at(step), **(done if step >= Step.DONE else {}))
            )


class CartService(Construct):
    def __init__(self, scope: Construct, id: str, *, step: Step) -> None:
        super().__init__(scope, id)
        carts = TableV2(self, "Carts", partition_key=Attribute(name="cart", type=AttributeType.STRING))
        self.fn = NodejsFunction(
            self,
            "Function",
            **bundled("cart"),
            runtime=Runtime.NODEJS_22_X,
            timeout=Duration.seconds(10),
            memory_size=512,
            environment={"CARTS_TABLE": carts.table_name},
        )
        carts.grant_read_write_data(self.fn)
        url = self.fn.add_function_url(auth_type=FunctionUrlAuthType.AWS_IAM)
        CfnOutput(self, "Url", value=url.url)
        if step >= Step.LAYER:
            self.fn.with_(StandardLambdaMixin(service_name="cart", envelope=envelope_at(step)))


class CoverService(Construct):
    def __init__(self, scope: Construct, id: str, *, writer: IFunction | None) -> None:
        super().__init__(scope, id)
        images = Repository.from_repository_name(self, "Images", "bookshop/cover")
        cover = DockerImageFunction(
            self,
            "Function",
            code=DockerImageCode.from_ecr(images, tag_or_digest="1"),
            timeout=Duration.minutes(2),
            memory_size=1024,
            environment={"WRITER": writer.function_name} if writer else None,
        )
        if writer:
            writer.grant_invoke_latest_version(cover)
        else:
            cover.add_to_role_policy(PolicyStatement(actions=["bedrock:InvokeModel*"], resources=["*"]))


class PicksService(Construct):
    def __init__(self, scope: Construct, id: str, *, step: Step, model: str) -> None:
        super().__init__(scope, id)
        task = FargateTaskDefinition(
            self,
            "Task",
            cpu=256,
            memory_limit_mib=512,
            task_role=self._role() if step < Step.DONE else self._standard_role(model),
        )
        task.add_container(
            PICKS,
            image=ContainerImage.from_ecr_repository(Repository.from_repository_name(self, "Images", "bookshop/picks"), "1"),
            environment={"MODEL": model, **(self._identity() if step >= Step.DONE else {})},
            logging=LogDrivers.aws_logs(stream_prefix=PICKS),
        )
        vpc = Vpc(
            self,
            "Vpc",
            availability_zones=["us-east-1a", "us-east-1b"],
            nat_gateways=0,
            subnet_configuration=[SubnetConfiguration(name="Public", subnet_type=SubnetType.PUBLIC)],
        )
        FargateService(
            self,
            "Service",
            cluster=Cluster(self, "Cluster", vpc=vpc),
            task_definition=task,
            desired_count=1,
            min_healthy_percent=100,
            assign_public_ip=True,
        )
        if step >= Step.DONE:
            for metric in (CatalogMetric.BEDROCK_INVOCATION_COUNT, CatalogMetric.LATENCY_END_TO_END_MS):
                MissingMetricAlarm(self, f"{metric.id}Missing", metric=metric, service_name=PICKS)

    def _role(self) -> IRole:
        role = Role(self, "Role", assumed_by=ServicePrincipal("ecs-tasks.amazonaws.com"))
        role.add_to_policy(
            PolicyStatement(actions=["bedrock:InvokeModel"], resources=["arn:aws:bedrock:*::foundation-model/*"])
        )
        return role

    def _standard_role(self, model: str) -> IRole:
        role = BedrockTaskRole(
            self, "Role", allowed_models=[model], assumed_by=ServicePrincipal("ecs-tasks.amazonaws.com")
        )
        role.add_to_policy(
            PolicyStatement(
                actions=["cloudwatch:PutMetricData"],
                resources=["*"],
                conditions={"StringLike": {"cloudwatch:namespace": f"{Standards.of(self).product}/*"}},
            )
        )
        reason = "cloudwatch:PutMetricData takes no resource; the condition names the namespaces."
        Validations.of(role).acknowledge(Acknowledgment(id="AwsSolutions-IAM5[Resource::*]", reason=reason))
        return role

    def _identity(self) -> dict[str, str]:
        standards = Standards.of(self)
        return {
            "PLUMBLINE_PRODUCT": standards.product,
            "PLUMBLINE_ENVIRONMENT": standards.environment,
            "PLUMBLINE_SERVICE_NAME": PICKS,
        }


class DigestStack(NestedStack):
    def __init__(self, scope: Construct, id: str, *, titles: ITableV2, model: str, writer: IFunction | None) -> None:
        super().__init__(scope, id)
        keep = DynamoPutItem(self, "Keep", table=titles, item={"isbn": DynamoAttributeValue.from_string("digest")})
        write = LambdaInvoke(self, "Write", lambda_function=writer) if writer else self._call_bedrock(model)
        machine = StateMachine(self, "Machine", definition_body=DefinitionBody.from_chainable(write.next(keep)))
        schedule = Schedule.cron(week_day="MON", hour="6", minute="0")
        Rule(self, "Weekly", schedule=schedule, targets=[SfnStateMachine(machine)])

    def _call_bedrock(self, model: str) -> BedrockInvokeModel:
        question = {"role": "user", "content": [{"text": "What is new this week?"}]}
        return BedrockInvokeModel(
            self,
            "Write",
            model=FoundationModel.from_foundation_model_id(self, "Model", FoundationModelIdentifier(model)),
            body=TaskInput.from_object({"messages": [question]}),
        )
