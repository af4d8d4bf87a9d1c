"""The command: verbs by name, JSON on stdout, words on stderr, 0, 1 or 2."""

import io
import subprocess
import sys

import pytest

from atoll.client.command import load_verbs, run
from atoll.errors import DataError, InvalidParameter


def succeed(words):
    sys.stdout.write(f'{{"words": {len(words)}}}\n')
    return 0


def fail(_words):
    raise DataError("a.nc: cut off", {"bytes": 5})


def misuse(_words):
    raise InvalidParameter("--dataset", "A", "lower-case is needed")


def interrupt(_words):
    raise KeyboardInterrupt


def broken():
    raise ImportError("a verb that is not asked for is not loaded")


VERBS = {"do": lambda: succeed, "fail": lambda: fail, "misuse": lambda: misuse,
         "stop": lambda: interrupt, "broken": broken}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["do", "a", "b"], 0, ""),
        (["fail"], 1, 'atoll: data-error: a.nc: cut off {"bytes": 5}\n'),
        (["misuse"], 2, "atoll: invalid-parameter: --dataset: 'A' is not accepted; lower-case"),
        (["stop"], 1, "atoll: interrupted\n"),
        ([], 2, "usage: atoll VERB"),
        (["--help"], 0, "verbs: do, fail, misuse, stop, broken"),
        (["dance"], 2, "atoll: there is no verb 'dance'\nusage: atoll VERB"),
    ],
)
def test_words_status_and_messages(capsys, words, status, message):
    told = io.StringIO()
    assert run(words, VERBS, told) == status
    assert message in told.getvalue()
    assert capsys.readouterr().out == ('{"words": 2}\n' if words[:1] == ["do"] else "")


def test_the_verbs_are_the_installed_ones():
    assert "publish" in load_verbs()


def test_as_a_process():
    code = "import sys; from atoll.client.command import main; sys.exit(main())"
    ended = subprocess.run([sys.executable, "-c", code, "dance"], capture_output=True, text=True,
                           check=False)  # fmt: skip
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "publish" in ended.stderr
