"""Service levels that are put in force while requests are open."""

from __future__ import annotations

from hypothesis import note, strategies as st
from hypothesis.stateful import rule

from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.settings.levels_file import parse
from tests.proofs.state_machine.machine import DeskMachine

_FILES = (
    b"",
    b'[first_answer]\nemail = "2h"\nphone = "1h"\n[resolution]\nemail = "4h"\n',
    b'[resolution]\nemail = "none"\nphone = "none"\n[waiting]\ncheck_back = "1d"\n',
    b'[[ladder]]\nname = "ask early"\nat = "50%"\nto = "lead"\ntemplate = "lead"\n',
)


class ServiceLevels(DeskMachine):
    """Levels are applied as one step, and undone as one."""

    @rule(source=st.sampled_from(_FILES))
    def apply_levels(self, source: bytes) -> None:
        """Every open request gets its dates anew; one that somebody gave stays."""
        with self.step():
            note(f"    apply_levels({source!r})")
            done = self.desk.apply_levels(self.by(source), source, "as ever")
            before = self.present["request"]
            self.took(done.label, done.journal_id)
        for key, after in self.table("request").items():
            if before[key]["due_for"] == "given":
                assert after["due_at"] == before[key]["due_at"]

    def in_force(self) -> Deadlines:
        """By the file that the store keeps, which undo takes back as all else."""
        kept = self.table("service_levels").values()
        return next((self.by(row["source"]) for row in kept), self.deadlines)

    def by(self, source: bytes) -> Deadlines:
        """The deadlines that such a file makes."""
        return self.deadlines._replace(levels=parse(source, str(self.store)))
