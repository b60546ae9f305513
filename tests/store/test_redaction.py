from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.redaction import redacted, without_accounts

# Made up, and put together here so that no scanner takes them for lost ones.
ACCESS_KEY = "AKIA" + "Q3EGXAMPLE7KEYID"
SESSION_KEY = "ASIA" + "Q3EGXAMPLE7KEYID"
SECRET_KEY = "hJ7/tqW2nXr9" + "Kp4Yv8Zb1Lc6Md3Fg5SaEoUi+TwA"
JWT = "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiI0MiJ9" + ".c2lnbmVkLWJ5LW5vYm9keQ"
PASSWORD = "tr0ub4dor"

SECRETS = {
    "access key": (f"InvalidClientTokenId for {ACCESS_KEY}.", ACCESS_KEY),
    "session access key": (f"signed by {SESSION_KEY}, refused", SESSION_KEY),
    "secret key alone": (f"env has {SECRET_KEY} in it", SECRET_KEY),
    "secret key of a profile": (f"aws_secret_access_key = {SECRET_KEY}", SECRET_KEY),
    "bearer token": ("sent Authorization: Bearer abcd1234efgh5678", "abcd1234efgh5678"),
    "bearer token without its header": ("used bearer abcd1234efgh5678 twice", "abcd1234efgh5678"),
    "basic credentials": ("Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
    "header in JSON": ('{"Authorization": "Bearer abcd1234"}', "abcd1234"),
    "JSON web token": (f"cannot verify {JWT}: expired", JWT),
    "half a JSON web token": (f"cannot verify {JWT[:30]}", JWT[3:30]),
    "password after =": (f"login failed: user=kim password={PASSWORD} host=db", PASSWORD),
    "password after :": (f"DB_PASSWORD: {PASSWORD}", PASSWORD),
    "quoted password": (f"password='{PASSWORD} and more'", PASSWORD),
    "password in JSON": (f'{{"user": "kim", "password": "{PASSWORD}"}}', PASSWORD),
    "password that is a number": ('{"password":83610225}', "83610225"),
    "password with a quote": ('{"password": "tr0ub\\"4dor"}', "4dor"),
    "password cut at the end": (f'{{"password": "{PASSWORD}', PASSWORD),
    "password of an option": (f"mysql --password {PASSWORD} --host db", PASSWORD),
    "password of an option after =": (f"mysql --password={PASSWORD} --host db", PASSWORD),
    "password in XML": (f"<Password>{PASSWORD}</Password>", PASSWORD),
    "password in an address": (f"cannot reach postgres://app:{PASSWORD}@db.internal:5432/orders", PASSWORD),
    "Korean password": ("password=비밀번호1234", "비밀번호1234"),
    "client secret": (f'client_secret: "{PASSWORD}"', PASSWORD),
    "API key": ("X-Api-Key: 0123abcd4567", "0123abcd4567"),
    "cookie": ("Set-Cookie: sid83610225", "sid83610225"),
    "signed address": ("https://b.s3.amazonaws.com/k?X-Amz-Signature=0a1b2c3d&X-Amz-Date=1", "0a1b2c3d"),
    "token of a forge": ("remote: ghp_" + "0123456789abcdefghij refused", "0123456789abcdefghij"),
    "private key": ("-----BEGIN RSA PRIVATE KEY-----\nMIIBOgIBAAJB\n-----END RSA PRIVATE KEY-----", "MIIBOgIBAAJB"),
    "private key cut": ("-----BEGIN PRIVATE KEY-----\nMIIBOgIBAAJB", "MIIBOgIBAAJB"),
    "Korean name of a password": (f"로그인 실패: 비밀번호={PASSWORD}, 사용자=kim", PASSWORD),
    "Korean name with a space": (f"비밀 번호 : {PASSWORD}", PASSWORD),
    "Korean name with a particle": (f"비밀번호는: {PASSWORD}", PASSWORD),
    "Korean password of a Korean name": ("암호: 열려라참깨1234", "열려라참깨1234"),
    "Korean name in JSON": (f'{{"사용자": "김", "비밀번호": "{PASSWORD}"}}', PASSWORD),
    "Korean name of a database's password": (f"DB_패스워드={PASSWORD}", PASSWORD),
    "Korean name of a key": ("인증키=0123abcd4567", "0123abcd4567"),
    "Korean name of a token": ("액세스토큰: 0123abcd4567", "0123abcd4567"),
    "Korean name of an account": ("계좌번호=110-234-567890", "110-234-567890"),
    "Korean resident number": ("신청자 900101-1234567 확인 실패", "900101-1234567"),
    "German password": (f"Passwort: {PASSWORD}", PASSWORD),
    "key of a storage account": ("AccountName=a;AccountKey=0123abcd4567;Endpoint=b", "0123abcd4567"),
    "token of another forge": ("remote: glpat-" + "0123456789abcdefghij refused", "0123456789abcdefghij"),
    "token of a package index": ("npm_" + "0123456789abcdefghijABCDEFGHIJ012345 expired", "0123456789abcdefghij"),
    "token of a model": ("Incorrect API key provided: sk-proj-" + "0123456789abcdefghij", "0123456789abcdefghij"),
    "restricted key of a bank": ("rk_live_" + "0123456789abcdefghij", "0123456789abcdefghij"),
    "token of a vault": ("hvs." + "CAESIJ0123456789abcdefghij", "0123456789abcdefghij"),
    "token of a session": ("IQoJ" + "b3JpZ2luX2VjEJr0123456789abcdef//////////wEaCXVz", "0123456789abcdef"),
    "web hook of a chat": ("POST https://hooks.slack.com/services/" + "T0123/B0123/0123abcd4567", "0123abcd4567"),
    "e-mail": ("no such user: kim.minji+orders@example.co.kr", "kim.minji"),
    "e-mail in Korean text": ("kim@example.com에게 보내지 못했습니다", "kim@example"),
}

UNTOUCHED = [
    "",
    "Rate Exceeded. (Service: Lambda, Status Code: 429, Request ID: 3b1d5f0e-1111-2222-3333-444455556666)",
    "An error occurred while executing the state '주문 검증' (entered at the event id #12). No such path: '$.order.id'",
    "주문 검증에 실패했습니다: 재고 부족 (상품 7번)",
    "비밀번호가 일치하지 않습니다",
    "암호화 모듈 초기화 실패",
    "토큰이 만료되었습니다. 다시 로그인하세요",
    "주문번호 240101-0001234 없음",
    "카드 승인 거절 (코드 51)",
    "task-0123456789abcdefghij failed, risk-assessment-2024-01-01 skipped",
    "run 20240101-1234567 of batch-00001",
    "arn:aws:states:ap-northeast-2:111122223333:execution:orders:7d1c8f1e-5a55-4a44-9b0c-000000000001",
    "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf",
    "Secrets Manager can't find the specified secret.",
    "The security token included in the request is expired",
    "Task token is no longer valid",
    "passwords do not match",
    "basic checks passed, bearer of bad news",
    "commit da39a3ee5e6b4b0d3255bfef95601890afd80709 of main",
    "/var/lang/lib/python3/site/Pack4ges/requests",
    '{"errorMessage": "card was declined", "errorType": "CardDeclined", "trace": ["at charge (/var/task/a.js:3:9)"]}',
    "KeyError: 'order_id'; key=value, monkey: 5",
    "see https://docs.example.com:443/errors/42#top @ line 7",
    "decorator @retry on orders@v2",
]


@pytest.mark.parametrize(("text", "secret"), SECRETS.values(), ids=SECRETS)
def test_a_secret_is_taken_out_and_its_place_marked(text: str, secret: str) -> None:
    clean = redacted(text)
    assert secret not in clean
    assert "[" in clean


@pytest.mark.parametrize(("text", "secret"), SECRETS.values(), ids=SECRETS)
def test_a_secret_is_taken_out_of_json_within_json(text: str, secret: str) -> None:
    """A Lambda function's failure is JSON whose message may be JSON again."""
    once = json.dumps({"errorMessage": text}, ensure_ascii=False)
    twice = json.dumps({"cause": once}, ensure_ascii=False)
    assert secret not in redacted(once)
    assert secret not in redacted(twice)


@pytest.mark.parametrize(("text", "secret"), SECRETS.values(), ids=SECRETS)
def test_what_was_cleaned_is_clean(text: str, secret: str) -> None:
    assert redacted(redacted(text)) == redacted(text)


@pytest.mark.parametrize("text", UNTOUCHED)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert redacted(text) == text


@pytest.mark.parametrize("name", [name for name in SECRETS if " cut" not in name])
def test_words_around_a_secret_stay(name: str) -> None:
    clean = redacted(f"재고 부족 {SECRETS[name][0]}\nat charge (a.js:3:9)")
    assert clean.startswith("재고 부족 ")
    assert clean.endswith("\nat charge (a.js:3:9)")


def test_an_error_keeps_its_names_and_numbers() -> None:
    text = f'{{"errorType": "LoginFailed", "password": "{PASSWORD}", "attempt": 3, "user": "kim"}}'
    assert json.loads(redacted(text)) == {
        "errorType": "LoginFailed",
        "password": "[secret]",
        "attempt": 3,
        "user": "kim",
    }


def test_an_address_keeps_its_host() -> None:
    assert redacted(f"postgres://app:{PASSWORD}@db.internal/orders") == "postgres://app:[password]@db.internal/orders"


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_payloads_of_a_nested_workflow_are_taken_out(depth: int) -> None:
    text = json.dumps({"Input": '{"card": "4111"}', "Output": '{"name": "김"}', "Status": "FAILED", "Error": "Broken"})
    for _ in range(depth):
        text = json.dumps({"cause": text})
    clean = redacted(text)
    assert "4111" not in clean
    assert "김" not in clean
    assert "\\uae40" not in clean
    for _ in range(depth):
        clean = json.loads(clean)["cause"]
    assert json.loads(clean) == {"Input": "[payload]", "Output": "[payload]", "Status": "FAILED", "Error": "Broken"}


def test_a_payload_that_is_cut_is_taken_out() -> None:
    assert redacted('{"Error":"Broken","Input":"{\\"card\\":\\"4111') == '{"Error":"Broken","Input":"[payload]'


@given(st.text(alphabet=st.characters(categories=["Lo", "Zs"]) | st.sampled_from(" .,()\n"), max_size=200))
def test_text_of_any_script_without_signs_stays(text: str) -> None:
    assert redacted(text) == text


@given(st.text(max_size=40), st.sampled_from([ACCESS_KEY, JWT]), st.text(max_size=40))
def test_no_neighbour_hides_a_key(before: str, key: str, after: str) -> None:
    assert key not in redacted(f"{before} {key} {after}")


@pytest.mark.parametrize(
    "part", ["a@", "eyJ", "password=", '\\"', "://", "A1b/", "key: ", "-----BEGIN PRIVATE KEY-----"]
)
def test_long_hostile_text_takes_no_long_time(part: str) -> None:
    """With a pattern that tries every way, this would not end within the life of the test."""
    assert len(redacted(part * (32_768 // len(part)))) <= 3 * 32_768


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("User: arn:aws:iam::111122223333:user/kim", "User: arn:aws:iam::[account]:user/kim"),
        ("account 111122223333 has no quota", "account [account] has no quota"),
        ("1790812800000 ms, order 1111222233334444, 3b1d5f0e-111122223333", None),
    ],
)
def test_account_numbers_are_taken_out_where_that_is_asked(text: str, clean: str | None) -> None:
    assert redacted(text) == text
    assert without_accounts(text) == (clean or text)
