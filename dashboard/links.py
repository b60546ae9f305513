"""Addresses within the dashboard: relative, so that they hold wherever it is served. Pure."""

from __future__ import annotations

import shlex
from urllib.parse import quote, urlencode

import pandas as pd

from analyzer.window import Window
from dashboard.filters import Filters
from dashboard.wording import execution_name, instant, is_known


def page_url(page: str, filters: Filters, **more: str) -> str:
    """A page under the same filters; `more` are parameters of its own, left out where empty."""
    parameters = [*filters.parameters(), *((name, value) for name, value in more.items() if value)]
    return f"{page}?{urlencode(parameters, quote_via=quote)}" if parameters else page


def failed_url(row: pd.Series, filters: Filters) -> str:
    """The executions in which the state of a row failed, with the error of that row."""
    error = row["error"] if is_known(row["error"]) else ""
    return page_url("executions", filters.of_machine(row["machine"]), state=row["state"], error=error)


def masked_url(row: pd.Series, filters: Filters) -> str:
    """The executions of a row's machine that succeeded although something in them failed."""
    return page_url("executions", filters.of_machine(row["machine"]), masked="true")


def first_failed_url(row: pd.Series, filters: Filters) -> str | None:
    """The same for rows that also count visits without a failure; None for those."""
    return failed_url(row, filters) if is_known(row["error"]) else None


def execution_url(arn: str, filters: Filters) -> str:
    """The page of one execution. What stands behind `#` is its name: tables show that part of a link."""
    return f"{page_url('executions', filters, execution=arn)}#{quote(execution_name(arn), safe='')}"


CONSOLES = {
    "aws": "https://{region}.console.aws.amazon.com",
    "aws-cn": "https://{region}.console.amazonaws.cn",
    "aws-us-gov": "https://console.amazonaws-us-gov.com",
}
"""Where the AWS console of a partition is. Links into that of the European Sovereign Cloud are not published."""


def console_url(arn: str) -> str | None:
    """The page of an execution in AWS's own console; None where there is none, as for what came from files."""
    parts = arn.split(":")
    if len(parts) < EXECUTION_PARTS or parts[2] != "states" or parts[5] != "execution" or parts[1] not in CONSOLES:
        return None
    console = CONSOLES[parts[1]].format(region=quote(parts[3], safe=""))
    return f"{console}/states/home?region={quote(parts[3], safe='')}#/v2/executions/details/{quote(arn, safe=':')}"


EXECUTION_PARTS = 8


def issue_url(issue: str, filters: Filters) -> str:
    """The page of one issue."""
    return page_url("issues", filters, issue=issue)


def advised_url(row: pd.Series, filters: Filters) -> str:
    """The executions in which the state of an advice failed, or those of its machine."""
    state = row["state"] if is_known(row["state"]) and row["severity"] != "info" else ""
    return page_url("executions", filters.of_machine(row["machine"]), state=state)


def linked(text: str, term: str) -> str:
    """Our own words as Markdown that leads to the term which explains them."""
    return f"[{text}]({glossary_url(term)})"


def report_command(filters: Filters, window: Window) -> str:
    """The command that writes all executions of a window."""
    words = ["stepscope", "report", "executions", "--out", "reports"]
    for option, ms in (("--since", window.since_ms), ("--until", window.until_ms)):
        words += [option, instant(ms).replace(" UTC", "Z").replace(" ", "T")] if ms is not None else []
    words += [word for machine in filters.machines for word in ("--machine", machine)]
    words += ["--where", f"status={filters.statuses[0]}"] if len(filters.statuses) == 1 else []
    return shlex.join(words)


def glossary_url(term: str) -> str:
    """Where the glossary explains a term."""
    return f"glossary#{term.replace(' ', '-')}"
