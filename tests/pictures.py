"""Makes the pictures of the README: `python -m tests.pictures FOLDER`."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from poc_tui.app import PocApp
from poc_tui.rules.mail.message import MailAddress, Nature, Part
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.settings.levels_file import starter
from poc_tui.store import drafts
from tests.helpers.desks import demo_store, desk_over, fixed_clock
from tests.helpers.mail_desks import DESK, Post
from tests.helpers.stores import new_store

ARRIVAL = "Two of us come on Friday at nine, with the parts."
ANSWER = "You are right: 10 units. A new invoice is on its way, you have it by Wednesday."

PICTURES = (
    ("desk", (120, 36), ()),
    ("desk-80x24", (80, 24), ()),
    ("forward", (120, 36), ("j", "j", "j", "f")),
    ("answer", (120, 36), ("a", *ANSWER)),
    ("search", (120, 36), ("slash", *"karte")),
    ("chase", (120, 36), ("2", "c")),
    ("agenda", (120, 36), ("A",)),
    ("mail", (120, 24), ("O",)),
    ("answer-by-mail", (120, 36), ("number_sign", *"1051", "enter", "a", *ARRIVAL, "tab")),
    ("first-steps", (80, 24), ()),
)
"""Name, size in cells, keys to press before the picture is taken."""


def desk_with_mail(store: str, folder: Path) -> Callable[[], PocApp]:
    """Opens a desk over the store after a morning of mail: some waits, some is stuck or aside."""
    deadlines = Deadlines(Hours.standard(ZoneInfo("Europe/Berlin")), starter())
    post = Post(folder, store, fixed_clock(), deadlines, 'send = "smtp"\nsmtp.host = "x.example"\n')
    pension = post.a_mail(
        sender=MailAddress("Pension Seeblick", "post@seeblick.example"),
        subject="Zimmerkarten für neue Gäste",
        text="Wir brauchen bis Freitag zehn weitere Karten.",
        parts=(Part(1, "gaeste.pdf", "application/pdf", 48_200),),
    )
    post.do(drafts.Answer("Die zehn Karten gehen heute noch in die Post."), pension)
    theatre = post.a_mail(
        sender=MailAddress("Theatre on the Quay", "house@quay.example"),
        subject="Stage door reader",
        text="Since Saturday it opens for nobody.",
    )
    post.do(drafts.Answer("Somebody is with you at two."), theatre)
    why = "the server was lost before it said whether it has the mail"
    post.stands(theatre, "unsure", why)
    mill, porter = (
        MailAddress("Anna Mill", "anna@mill.example"),
        MailAddress("Paul", "p@mill.example"),
    )
    post.a_mail(
        sender=mill,
        recipients=(MailAddress("", DESK), porter),
        cc=(porter,),
        subject="The gate jams",
        text="Since Monday it shuts by hand only. When can somebody come?",
    )
    post.aside(subject="Adhesives in November")
    absent = MailAddress("Brauerei Weiß", "einkauf@weiss.example")
    post.aside(sender=absent, subject="Abwesend bis 1. Dezember", nature=Nature.AUTO_REPLY)
    return post.open


async def picture(app: PocApp, size: tuple[int, int], keys: tuple[str, ...]) -> str:
    """The screen as SVG after these keys."""
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.3)
        for key in keys:
            await pilot.press(key)
        await pilot.pause(1.5)
        return app.export_screenshot()


def _desk(name: str, store: str, folder: Path) -> PocApp:
    """The desk that a picture shows."""
    if "mail" in name:
        (apart := folder / name).mkdir()
        return desk_with_mail(demo_store(apart), apart)()
    if name == "first-steps":
        return desk_over(new_store(str(folder / "empty.sqlite3")), demo=False)
    return desk_over(store)


def main(folder: str, *only: str) -> None:
    """Write every picture into `folder`."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_STATE_HOME"] = home
        store = demo_store(Path(home))
        for name, size, keys in PICTURES:
            if not only or name in only:
                app = _desk(name, store, Path(home))
                (target / f"{name}.svg").write_text(asyncio.run(picture(app, size, keys)))


if __name__ == "__main__":
    main(*sys.argv[1:])
