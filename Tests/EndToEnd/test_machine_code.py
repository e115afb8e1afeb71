"""What the compiler made of spans over short texts.

A Swift text of 15 bytes at most lies in the value itself, so the span of its UTF-8 view points into the frame of the
function that asked for it. Swift 6.3 does not tell LLVM so: a call with such a span may become a tail call, which
leaves the frame before the span is read. Nothing in the sources shows it, so the machine code is looked at.
"""
import re
import shutil
import subprocess

import pytest

from product import BINARIES

SPAN = "$sSS8UTF8ViewV4spans4SpanVys5UInt8VGvg"
CALL = re.compile(r"\tcall[q]? +[0-9a-f]+ <([^>]*)>|\tcall")
TAIL_CALL = re.compile(r"\tjmp[q]? +[0-9a-f]+ <([^+>]+)>")


def tail_calls_with_a_span(lines):
    """The functions that ask for the span of a text and then leave by a jump to another one with no call between."""
    function, is_lent = None, False
    for line in lines:
        if line.endswith(">:\n"):
            function, is_lent = line.split("<", 1)[1][:-3], False
        elif call := CALL.search(line):
            is_lent = SPAN in (call.group(1) or "")
        elif is_lent and (jump := TAIL_CALL.search(line)) and jump.group(1) != function:
            yield f"{function} -> {jump.group(1)}"
        elif "\tret" in line:
            is_lent = False


def test_the_scan_finds_a_tail_call_with_a_span_and_no_other_jump():
    asked = ["0 <f>:\n", f"  1:\tcall   10 <{SPAN}@plt>\n"]
    jump, call, inside, end = (
        "  3:\tjmp    90 <g>\n", "  2:\tcall   95 <h>\n", "  2:\tjmp    7 <f+0x7>\n", "  2:\tret\n")
    assert list(tail_calls_with_a_span([*asked, "  2:\tpop    %rbp\n", jump])) == ["f -> g"]
    for rest in ([call, jump], [inside], [end, jump]):
        assert not list(tail_calls_with_a_span([*asked, *rest]))


@pytest.mark.parametrize("name", ["rapportd", "rapport", "rapport-replay"])
def test_no_span_of_a_short_text_outlives_its_frame(name):
    if not shutil.which("objdump"):
        pytest.skip("objdump is not at hand")
    with subprocess.Popen(
            ["objdump", "-d", "--no-show-raw-insn", BINARIES / name], stdout=subprocess.PIPE, text=True,
            errors="replace") as objdump:
        found = sorted(set(tail_calls_with_a_span(objdump.stdout)))
    assert objdump.returncode == 0
    assert not found, "let something follow the call that reads the span: " + ", ".join(found)
