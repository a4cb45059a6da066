"""Files made of mails: the name is a stranger's, and nobody's file is written over."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from poc_tui.mail.saved_files import LONGEST_NAME, free_path, safe_name, write_private


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("Rechnung Nr. 4711.pdf", "Rechnung Nr. 4711.pdf"),
        ("Angebot für Käufer.docx", "Angebot für Käufer.docx"),
        ("u\u0308ber.txt", "über.txt"),
        ("../../etc/passwd", "etc_passwd"),
        ("/etc/passwd", "etc_passwd"),
        ("C:\\Windows\\system.ini", "C__Windows_system.ini"),
        ("..\\..\\x.bat", "x.bat"),
        ('a/b:c*d?e"f<g>h|i.txt', "a_b_c_d_e_f_g_h_i.txt"),
        (".bashrc", "bashrc"),
        ("...", "part-1"),
        ("", "part-1"),
        (" . ", "part-1"),
        ("-rf.txt", "rf.txt"),
        ("CON", "_CON"),
        ("con.pdf", "_con.pdf"),
        ("nul.tar.gz", "_nul.tar.gz"),
        ("COM1.txt", "_COM1.txt"),
        ("console.txt", "console.txt"),
        ("ends with a dot.", "ends with a dot"),
        ("line\r\nend.txt", "line end.txt"),
        ("nul\0byte.txt", "nul_byte.txt"),
        ("bidi\u202efdp.exe", "bidifdp.exe"),
        ("\x1b]52;c;x\x07.txt", "txt"),
        ("\ud800.txt", "txt"),
    ],
)
def test_a_name_is_made_safe_and_keeps_its_type(name: str, made: str) -> None:
    assert safe_name(name, "part-1") == made


def test_a_long_name_is_cut_before_its_type_and_between_characters() -> None:
    made = safe_name("ü" * 300 + ".pdf", "part-1")
    assert made.endswith("ü.pdf")
    assert len(made.encode()) in (LONGEST_NAME - 1, LONGEST_NAME)
    assert len(safe_name("a." + "b" * 300, "part-1").encode()) <= LONGEST_NAME


@given(st.text(max_size=300))
def test_whatever_the_name_the_file_lies_in_its_directory(name: str) -> None:
    made = safe_name(name, "part-1")
    assert made
    assert len(made.encode()) <= LONGEST_NAME
    assert made[0] not in ".- "
    assert made[-1] not in ". "
    assert not set(made) & set('/\\:*?"<>|\0')
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in made)
    assert os.path.basename(made) == made
    assert safe_name(made, "part-1") == made


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    assert free_path(tmp_path, "invoice.pdf") == tmp_path / "invoice.pdf"
    write_private(tmp_path / "invoice.pdf", b"1")
    assert free_path(tmp_path, "invoice.pdf") == tmp_path / "invoice (2).pdf"
    (tmp_path / "invoice (2).pdf").symlink_to(tmp_path / "nowhere")
    assert free_path(tmp_path, "invoice.pdf") == tmp_path / "invoice (3).pdf"


def test_a_file_is_private_and_none_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "invoice.pdf"
    write_private(path, b"one\r\n")
    with pytest.raises(FileExistsError):
        write_private(path, b"two")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        write_private(tmp_path / "link", b"three")
    assert path.read_bytes() == b"one\r\n"
    assert not (tmp_path / "elsewhere").exists()
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
