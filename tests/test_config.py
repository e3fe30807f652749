"""Settings: safe at a desk, unforgiving in production."""

import stat

import pytest
from flask import Flask

from config import ConfigError, load
from portal import breaches, mailer, oidc

KEY = "A" * 43 + "="
REAL = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": "s" * 40,
    "BRO_KEYS": f"1:{KEY}",
    "DATABASE_URL": "postgresql://portal@db.example/bro?sslmode=verify-full",
    "SENDGRID_API_KEY": "key",
    "PUBLIC_URL": "https://portal.example/",
}


def test_demo_makes_its_secrets_once_and_for_its_owner_only(tmp_path):
    env = {"PORTAL_ENV": "demo", "PORTAL_VAR": str(tmp_path)}
    first = load(env)
    assert load(env) == first
    assert first["PORTAL_DEMO"] is True
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys", "secret"]
    for name in ("secret", "keys"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_production_with_everything_given_writes_nothing(tmp_path):
    values = load(REAL | {"PORTAL_VAR": str(tmp_path)})
    assert values["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://portal@db.example/bro?sslmode=verify-full"
    assert values["SESSION_COOKIE_SECURE"] is True
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["SECRET_KEY", "BRO_KEYS", "DATABASE_URL", "SENDGRID_API_KEY", "PUBLIC_URL"])
def test_production_refuses_to_start_without(name):
    env = {key: value for key, value in REAL.items() if key != name}
    with pytest.raises(ConfigError, match=name):
        load(env)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_ENV", "prod"),
        ("SECRET_KEY", "short"),
        ("BRO_KEYS", "1:abc"),
        ("BRO_KEYS", f"300:{KEY}"),
        ("BRO_KEYS", f"one:{KEY}"),
        ("DATABASE_URL", "sqlite:///bro.db"),
        ("MAIL_BACKEND", "pigeon"),
        ("PORTAL_LOCAL_HTTP", "1"),
        ("TRUSTED_PROXIES", "many"),
        ("PUBLIC_URL", "http://portal.example"),
        ("NEUTRAL_URL", "javascript:alert(1)"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(name, value):
    with pytest.raises(ConfigError):
        load(REAL | {name: value})


@pytest.mark.parametrize("url", [
    "postgresql://portal@db.example/bro", "postgresql://portal@db.example/bro?sslmode=require",
    "postgresql://portal@10.0.0.5/bro?sslmode=verify-ca", "postgresql:///bro?host=db.example",
    "postgresql://portal@localhost/bro?host=db.example", "postgres://db.example:5433/bro?sslmode=disable",
])  # fmt: skip
def test_production_asks_a_database_on_another_machine_to_prove_who_it_is(url):
    with pytest.raises(ConfigError, match="verify-full"):
        load(REAL | {"DATABASE_URL": url})
    assert load(REAL | {"DATABASE_URL": url, "PORTAL_ENV": "development"})


@pytest.mark.parametrize("url", [
    "postgresql:///bro?host=/run/postgresql", "postgresql:///bro", "postgresql://portal@127.0.0.1:5433/bro",
    "postgresql://portal@[::1]/bro", "postgresql://portal@db.example/bro?sslmode=verify-full&sslrootcert=system",
])  # fmt: skip
def test_a_database_on_the_same_machine_needs_no_certificate(url):
    assert load(REAL | {"DATABASE_URL": url})["SQLALCHEMY_DATABASE_URI"].startswith("postgresql+psycopg://")


def test_keys_carry_their_number():
    assert load(REAL | {"BRO_KEYS": f"1:{KEY}, 2:{KEY}"})["BRO_KEYS"] == {1: bytes(32), 2: bytes(32)}


@pytest.mark.parametrize("name", ["DEBUG", "FLASK_DEBUG", "TESTING", "PORTAL_DEMO"])
def test_production_is_no_demo_and_no_debugger_whatever_else_is_set(name, monkeypatch):
    monkeypatch.setenv(name, "1")
    values = load(REAL | {name: "1", "FLASK_DEBUG": "1"})
    assert [values[one] for one in ("DEBUG", "TESTING", "PORTAL_DEMO")] == [False, False, False]
    assert values["SECURE_COOKIES"] is values["SESSION_COOKIE_HTTPONLY"] is values["RATELIMIT_ENABLED"] is True
    assert values["SECOND_FACTOR"] == "required"
    assert values["SESSION_COOKIE_NAME"].startswith("__Host-")
    app = Flask("production")
    app.config.update(values)
    assert app.debug is False


def test_the_planner_is_told_that_disks_do_not_turn():
    engine = load(REAL)["SQLALCHEMY_ENGINE_OPTIONS"]
    assert "-c random_page_cost=1.1" in engine["connect_args"]["options"]


def test_what_the_portal_waits_for_has_an_end():
    values = load(REAL)
    engine = values["SQLALCHEMY_ENGINE_OPTIONS"]
    assert (engine["pool_size"] + engine["max_overflow"], engine["pool_timeout"]) == (8, 5)
    assert engine["hide_parameters"] is True
    for limit in ("statement_timeout=5s", "lock_timeout=2s", "idle_in_transaction_session_timeout=10s"):
        assert limit in engine["connect_args"]["options"]
    assert (values["MAX_CONTENT_LENGTH"], values["MAX_FORM_PARTS"]) == (1024 * 1024, 200)
    assert (values["SESSION_IDLE_MINUTES"], values["SESSION_ABSOLUTE_MINUTES"]) == (15, 480)
    assert values["SESSION_ABSOLUTE_MINUTES_VOLUNTEER"] == 120
    assert max(mailer.TIMEOUT_SECONDS, oidc.TIMEOUT, breaches.TIMEOUT_SECONDS) <= 10
