"""Causes of known templates with random ids, as workflows write them."""

from __future__ import annotations

import json
from random import Random
from string import ascii_lowercase, digits
from uuid import UUID

TEMPLATES = (
    "Order {id} not found",
    "Order {id} is already paid by {id}",
    "Customer {id} has no address",
    "Customer {id} is blocked since {time}",
    "Card {id} was declined: insufficient funds",
    "Card {id} was declined: expired",
    "Payment {uuid} timed out after {n} ms",
    "Payment {uuid} was refused by the bank with code {n}",
    "Shipment {id} could not be booked for {time}",
    "Warehouse {id} has {n} of {n} items",
    "Connection to {host}:{n} refused",
    "Connection to {host}:{n} timed out after {n} s",
    "Table {id} is locked by transaction {hex}",
    "Deadlock between {hex} and {hex}",
    "Duplicate key {uuid} in orders",
    "Duplicate key {uuid} in invoices",
    "Object s3://bucket-{n}/{id}/{uuid}.csv does not exist",
    "Object s3://bucket-{n}/{id}/{uuid}.csv is not readable",
    "Record {n} of file {id}.csv has {n} columns",
    "Lock {uuid} is held until {time}",
    "HTTP 429 from https://api.example.com/v1/{id}",
    "HTTP 503 from https://api.example.com/v1/{id}",
    "Status Code: 500; Request ID: {uuid}",
    "Status Code: 502; Request ID: {uuid}",
    "{time} {uuid} Task timed out after {n} seconds",
    "RequestId: {uuid} Error: Runtime exited with error: signal: killed",
    "User arn:aws:iam::{n}:user/{id} is not authorized to perform states:StartExecution",
    "User arn:aws:iam::{n}:user/{id} is not authorized to perform sqs:SendMessage",
    "Memory limit of {n} MB exceeded by {n} MB",
    "Checksum {hex} does not match {hex}",
    "An error occurred while executing the state 'Pick' (entered at the event id #{n}). No choice matched",
    "An error occurred while executing the state 'Route' (entered at the event id #{n}). No choice matched",
    "{json:OrderError:order {id} is closed}",
    "{json:OrderError:order {id} has no lines}",
    "{json:StockError:item {id} is out of stock until {time}}",
    "{json:StockError:item {id} is not sold any more}",
    "{json:TypeError:cannot read property price of undefined, row {n}}",
    "{trace:java.lang.IllegalStateException: session {uuid} is over}",
    "{trace:java.lang.NullPointerException: no handler for {id}}",
    "{trace:com.acme.PriceException: price {n} below cost {n}}",
)


def causes(count: int, seed: int) -> list[tuple[int, str]]:
    """So many causes, each with the number of its template."""
    random = Random(seed)
    chosen = [random.randrange(len(TEMPLATES)) for _ in range(count)]
    return [(number, _written(random, TEMPLATES[number])) for number in chosen]


def _written(random: Random, template: str) -> str:
    if template.startswith("{json:"):
        kind, _, text = template[6:-1].partition(":")
        trace = [f"    at handler (/var/task/index.js:{random.randrange(900)}:7)"] * 3
        return json.dumps({"errorType": kind, "errorMessage": _filled(random, text), "trace": trace})
    if template.startswith("{trace:"):
        lines = "".join(f"\n\tat com.acme.Step.run(Step.java:{random.randrange(900)})" for _ in range(4))
        return _filled(random, template[7:-1]) + lines
    return _filled(random, template)


def _filled(random: Random, text: str) -> str:
    for name in ("id", "uuid", "time", "n", "hex", "host"):
        while f"{{{name}}}" in text:
            text = text.replace(f"{{{name}}}", _value(random, name), 1)
    return text


def _value(random: Random, name: str) -> str:
    match name:
        case "id":
            length = random.choice([6, 8, 10, 12])
            return random.choice(["", "", "ord-", "C_"]) + "".join(random.choices(ascii_lowercase + digits, k=length))
        case "uuid":
            return str(UUID(int=random.getrandbits(128), version=4))
        case "time":
            day = f"2026-{random.randrange(1, 13):02}-{random.randrange(1, 28):02}"
            return f"{day}T{random.randrange(24):02}:17:05.{random.randrange(1000):03}Z"
        case "hex":
            return f"0x{random.getrandbits(48):012x}"
        case "host":
            return f"ip-10-0-{random.randrange(256)}-{random.randrange(256)}.ec2.internal"
        case _:
            return str(random.randrange(10 ** random.randrange(1, 7)))
