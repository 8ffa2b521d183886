"""Settings: four sources, one struct."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from casebaton.errors import Invalid
from casebaton.settings import PREFIX, Settings, load


def a_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "casebaton.toml"
    path.write_text(text)
    return path


def test_defaults_are_a_durable_node_on_loopback() -> None:
    settings = load(environ={})
    assert settings == Settings()
    assert (settings.host, settings.durability, settings.dev) == ("127.0.0.1", "always", False)


def test_flags_win_over_the_environment_over_the_file_over_the_defaults(tmp_path: Path) -> None:
    file = a_file(tmp_path, 'port = 1\nlease_ms = 2001\nlog_level = "error"')
    environ = {"CASEBATON_PORT": "2", "CASEBATON_LEASE_MS": "2002"}
    settings = load({"port": 3}, file=file, environ=environ)
    assert (settings.port, settings.lease_ms, settings.log_level, settings.frame_bytes) == (3, 2002, "error", 65536)


def test_a_flag_that_was_not_given_hides_nothing() -> None:
    assert load({"port": None, "dev": None}, environ={"CASEBATON_PORT": "2"}).port == 2


def test_false_and_zero_are_given_values(tmp_path: Path) -> None:
    file = a_file(tmp_path, "dev = true\nport = 9")
    settings = load({"dev": False, "port": 0}, file=file, environ={})
    assert (settings.dev, settings.port) == (False, 0)


@pytest.mark.parametrize("name", Settings.__struct_fields__)
def test_every_setting_can_come_from_the_environment(name: str) -> None:
    examples: dict[str, tuple[str, Any]] = {
        "durability": ("everysec", "everysec"),
        "dev": ("true", True),
        "redis_url": ("redis://elsewhere", "redis://elsewhere"),
        "origins": ("https://a,https://b", ["https://a", "https://b"]),
        "log_level": ("debug", "debug"),
        "auth_secret": ("x" * 32, "x" * 32),
        "history_url": ("none", "none"),
    }
    default = getattr(Settings(), name)
    text, value = examples.get(
        name, ("elsewhere", "elsewhere") if isinstance(default, str) else (str(default), default)
    )
    assert getattr(load(environ={PREFIX + name.upper(): text}), name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "65536"),
        ("port", "http"),
        ("lease_ms", "10"),
        ("durability", "never"),
        ("log_level", "trace"),
        ("hello_timeout_s", "0"),
        ("dev", "maybe"),
        ("auth_secret", "short"),
        ("redis_url", "nonsense"),
    ],
)
def test_a_bad_value_is_named_as_whoever_gave_it_wrote_it(tmp_path: Path, name: str, value: str) -> None:
    file = a_file(tmp_path, f'{name} = "{value}"')
    variable, flag = PREFIX + name.upper(), "--" + name.replace("_", "-")
    with pytest.raises(Invalid) as caught:
        load(file=file, environ={})
    assert caught.value.detail.startswith(f"{file}: {name}: ")
    with pytest.raises(Invalid) as caught:
        load(file=file, environ={variable: value})
    assert caught.value.detail.startswith(f"{variable}: ")
    with pytest.raises(Invalid) as caught:
        load({name: value}, file=file, environ={variable: value})
    assert caught.value.detail.startswith(f"{flag}: ")


@pytest.mark.parametrize("name", Settings.__struct_fields__)
def test_no_setting_takes_a_value_of_another_kind(name: str) -> None:
    with pytest.raises(Invalid, match=f"^INVALID: --{name.replace('_', '-')}: "):
        load({name: {}}, environ={})


def test_an_unknown_setting_in_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="prot"):
        load(file=a_file(tmp_path, "prot = 1"), environ={})


def test_other_programs_variables_are_none_of_ours() -> None:
    assert load(environ={"PORT": "1", "HOST": "0.0.0.0", "casebaton_port": "2"}) == Settings()


@pytest.mark.parametrize("text", ["port 1", "port = ", "\0"])
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, text: str) -> None:
    file = a_file(tmp_path, text)
    with pytest.raises(Invalid, match=r"casebaton\.toml"):
        load(file=file, environ={})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"nowhere\.toml"):
        load(file=tmp_path / "nowhere.toml", environ={})
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'host = "\xff"')
    with pytest.raises(Invalid, match=r"latin\.toml"):
        load(file=latin, environ={})
    (tmp_path / "deep.toml").write_text("host = " + "[" * 5000)
    with pytest.raises(Invalid, match=r"deep\.toml"):
        load(file=tmp_path / "deep.toml", environ={})


@pytest.mark.parametrize(
    "url",
    [
        *("redis://127.0.0.1", "redis://:pass@store.example:6379/1", "rediss://[::1]:6380", "unix:///run/valkey.sock"),
        "unix://user:pass@/run/valkey.sock?db=2",
        *("redis+sentinel://a:26379,b/primary", "rediss+sentinel://user:pass@a,[::1]:5000/primary?ssl_cert_reqs=none"),
        *("redis+cluster://a:7000,b:7001", "rediss+cluster://:pass@a"),
    ],
)
def test_a_stores_address_is_taken(url: str) -> None:
    assert load({"redis_url": url}, environ={}).redis_url == url


@pytest.mark.parametrize(
    "url",
    [
        *("nonsense", "http://127.0.0.1:6379", "redis://", "redis://:canary@", "127.0.0.1:6379", "localhost:6379"),
        *("redis://:canary@h:port", "redis://:canary@h:65536", "redis://h:0", "redis://[::1", "unix://"),
        *("redis+sentinel://:canary@a,b", "redis+sentinel://a/", "redis+sentinel://a/one/two", "redis+sentinel:///p"),
        *(
            "redis+cluster://:canary@a:x",
            "redis+cluster://a,,b",
            "redis+cluster://a/1",
            "redis+other://a",
            "unix+x://a",
        ),
    ],
)
def test_what_is_no_stores_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Invalid) as caught:
        load({"redis_url": url}, environ={})
    assert caught.value.detail.startswith("--redis-url: ")
    assert "redis://host:port" in caught.value.detail
    assert "canary" not in caught.value.detail


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_dev_sign_in_is_for_loopback(host: str) -> None:
    assert load({"dev": True, "host": host}, environ={}).dev


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.0.1", "example.org", "127.0.0.1.example.org"])
def test_dev_sign_in_binds_nothing_else(host: str) -> None:
    with pytest.raises(Invalid, match="loopback"):
        load({"dev": True, "host": host}, environ={})


def test_a_short_secret_is_refused_without_repeating_it() -> None:
    with pytest.raises(Invalid) as caught:
        load({"auth_secret": "canary"}, environ={})
    assert "at least 32" in caught.value.detail
    assert "canary" not in caught.value.detail
    assert len(load({"auth_secret": "x" * 32}, environ={}).auth_secret) == 32


def test_settings_do_not_change_while_a_node_runs() -> None:
    with pytest.raises(AttributeError):
        Settings().port = 1  # type: ignore[misc]
    assert msgspec.structs.replace(Settings(), port=1).port == 1


@pytest.mark.parametrize(
    "url",
    [
        "mysql://db/h",
        "postgresql://db",
        "postgresql://db:0/h",
        "postgresql://[db/h",
        "postgresql:/h",
        "postgresql://db:/h",
        "h.db",
    ],
)
def test_what_is_no_address_of_a_history_is_refused_without_being_told(url: str) -> None:
    with pytest.raises(
        Invalid, match=r"^INVALID: CASEBATON_HISTORY_URL: not a history's address: write it as"
    ) as raised:
        load(environ={"CASEBATON_HISTORY_URL": url})
    assert url not in str(raised.value).replace("postgresql://user:password@host/database", "")
