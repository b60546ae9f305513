"""What a Task calls: the integration behind a resource, and the thing that a name or an ARN points at.

Pure and total: any text gives an answer, an unknown one gives empty fields. Partitions are never spelled out (aws,
aws-cn, aws-us-gov, aws-eusc, ...), and both `${AWS::Region}` of a template and `<region>` of a masked recording may
stand in an ARN.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit


class Integration(NamedTuple):
    """What a Task calls (`lambda:invoke`) and how it waits: request, sync, callback or activity; empty when unknown."""

    resource: str
    pattern: str

    @property
    def service(self) -> str:
        """The service called, the same through the SDK integration: `dynamodb` for `aws-sdk:dynamodb:putItem`."""
        return self.resource.removeprefix("aws-sdk:").partition(":")[0]


UNKNOWN = Integration("", "")
LEGACY_LAMBDA = Integration("lambda", "request")
ACTIVITY = Integration("activity", "activity")

# Names that parameters of AWS calls give to what is called, the most telling first: a Batch job's definition says more
# than the name of its run. Run names (`Name`, `ClientToken`) are not targets and phone numbers are nobody's business.
TARGET_PARAMETERS = (
    "FunctionName",
    "QueueUrl",
    "TopicArn",
    "TargetArn",
    "StateMachineArn",
    "ActivityArn",
    "TableName",
    "TaskDefinition",
    "JobDefinition",
    "JobName",
    "CrawlerName",
    "ProjectName",
    "ModelId",
    "EndpointName",
    "StreamName",
    "DeliveryStreamName",
    "EventBusName",
    "ApiEndpoint",
    "Bucket",
    "StackName",
    "ApplicationId",
    "ClusterName",
    "ClusterIdentifier",
    "Cluster",
    "WorkGroup",
)

_PATTERNS = {"": "request", "sync": "sync", "waitForTaskToken": "callback"}
# A placeholder's own colons (`${AWS::Region}`) must separate nothing while an ARN is taken apart.
_PLACEHOLDER = re.compile(r"\$\{[^{}]*\}")
_MASKED_COLON = "\0"
_KIND_OF_RESOURCE = re.compile(r"[:/]")
_STATES_RESOURCES = frozenset({"stateMachine", "execution", "express", "activity", "mapRun"})
# A version, an alias or a revision follows the name in these services' ARNs. It is dropped: it names a release of the
# thing, and figures per function or machine must not fall apart into one per deploy.
_VERSIONED_SERVICES = frozenset({"lambda", "states", "ecs", "batch"})
_VERSIONED_PARAMETERS = frozenset({"FunctionName", "StateMachineArn", "TaskDefinition", "JobDefinition"})


def integration(resource_type: str, resource: str) -> Integration:
    """The integration of an event's `resourceType` and `resource`; with an ARN as `resource` the type may be empty."""
    if resource.startswith("arn:"):
        return _integration_of_arn(resource)
    return _service_call(resource_type, resource) if resource_type else UNKNOWN


def target_of_arn(arn: str) -> str:
    """The readable name in an ARN, without version, alias or revision; empty for an integration's ARN or for no ARN."""
    _, _, service, _, _, rest = _parts(arn)
    kind, *name = _KIND_OF_RESOURCE.split(rest, maxsplit=1)
    if service == "states" and kind not in _STATES_RESOURCES:
        return ""
    if service == "s3" or not name:
        return _unmasked(kind)
    return _unmasked(_unversioned(service, name[0]))


def named_target(parameter: str, text: str) -> str:
    """The readable name in the literal of a call's parameter: an ARN, a URL, or a name with a version behind it."""
    if text.startswith("arn:"):
        return target_of_arn(text)
    if parameter == "QueueUrl":
        return text.rpartition("/")[2]
    if "://" in text:
        return _host(text)
    return _unversioned_name(text) if parameter in _VERSIONED_PARAMETERS else text


def _integration_of_arn(arn: str) -> Integration:
    _, _, service, _, _, rest = _parts(arn)
    if service == "lambda":
        return LEGACY_LAMBDA
    if service != "states":
        return UNKNOWN
    if rest.startswith("activity:"):
        return ACTIVITY
    # Only the pattern's suffix has a dot, and in `startExecution.sync:2` also a colon behind it.
    call, dot, suffix = rest.partition(".")
    resource_type, _, action = call.rpartition(":")
    return integration(_unmasked(resource_type), _unmasked(action + dot + suffix))


def _service_call(resource_type: str, resource: str) -> Integration:
    action, _, suffix = resource.partition(".")
    pattern = _PATTERNS.get(suffix.partition(":")[0])
    if pattern is None:
        return Integration(f"{resource_type}:{resource}", "")
    return Integration(f"{resource_type}:{action}", pattern)


def _parts(arn: str) -> tuple[str, ...]:
    """The six parts of an ARN with placeholders masked; the missing ones of a shorter text are empty."""
    parts = _masked(arn).split(":", 5)
    return (*parts, *[""] * (6 - len(parts)))


def _masked(text: str) -> str:
    return _PLACEHOLDER.sub(lambda found: found[0].replace(":", _MASKED_COLON), text)


def _unmasked(text: str) -> str:
    return text.replace(_MASKED_COLON, ":")


def _unversioned(service: str, name: str) -> str:
    if service in _VERSIONED_SERVICES:
        return name.partition(":")[0]
    return name.partition("/")[0] if service == "dynamodb" else name


def _unversioned_name(text: str) -> str:
    """`my-fn` of `my-fn:PROD` and of the partial ARN `123456789012:function:my-fn:PROD`."""
    name = _masked(text).rpartition("function:")[2]
    return _unmasked(name.partition(":")[0])


def _host(url: str) -> str:
    """The host of a URL and no more: paths and queries may carry what must not be shown."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
