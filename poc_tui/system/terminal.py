"""The terminal: taken for the desk, lent to others, and given back whatever ends the desk.

Textual's driver for Linux and macOS leaves the terminal as it is when a signal ends it, starts a
second reader when the process goes on after a stop, and waits for ever for a terminal that is gone.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import sys
import termios
import threading
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import constants, events
from textual._time import get_time
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size

from poc_tui.errors import PocError
from poc_tui.system.terminal_input import ESC_SECONDS, TerminalInput

if TYPE_CHECKING:
    from types import FrameType

    from textual.message import Message

    from poc_tui.system.keyboard import KeyParser
    from poc_tui.system.terminal_app import TerminalApp

ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
"""What others end the desk with."""

GRACE_SECONDS = 5.0
"""How long the desk may take to end by itself, once a signal has told it to."""

CONTINUED_SECONDS = 0.5
"""After so long without a signal that lets it go on, nothing has stopped it."""

_KEYBOARD = 0b101
"""Of the kitty protocol: tell keys apart that were the same, and say what else is on them. Text
comes as text, so that dead keys and AltGr are the terminal's business."""

_TAKE = (
    "\x1b[?1049h"  # a screen of its own
    "\x1b[?25l"  # no cursor until the first picture is there
    "\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h"  # the mouse
    "\x1b[?2004h"  # pasted text is marked as such
    "\x1b[?7l"  # nothing is wrapped
)
_GIVE_BACK = (
    "\x1b[?2026l\x1b[?2048l\x1b[?2004l\x1b[?7h"
    "\x1b[?1016l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l"
)
_KEYBOARD_TAKEN, _KEYBOARD_GIVEN_BACK = f"\x1b[>{_KEYBOARD}u", "\x1b[<u"
_LEAVE = "\x1b[0m\x1b[?1049l\x1b[?25h"
_POINTER = "\x1b]22;default\x07"
# The keyboard before the screen: each screen has modes of its own.
_LAST_WORDS = (
    _GIVE_BACK + ("" if constants.DISABLE_KITTY_KEY else _KEYBOARD_GIVEN_BACK) + _POINTER + _LEAVE
)

_CHUNK = 4096
"""Bytes of a paste that are read at once."""


class DeskDriver(LinuxDriver):
    """See the module."""

    _app: TerminalApp

    ended_by = 0
    """The signal that ends the desk; 0 while there was none."""

    def __init__(self, app: TerminalApp, **how: object) -> None:
        super().__init__(app, **how)  # type: ignore[arg-type]
        # Textual draws on standard error, which may be closed or go into a file.
        out = self._file if self._file is not None and self._file.isatty() else sys.__stdout__
        if out is None:
            raise PocError("there is no terminal to draw the desk on; poc list prints it")
        self._out = self._file = out
        self._wake, self._waker = os.pipe()
        self._taken = False
        self._continued = False
        self._typed_before = 0
        """Bytes that were typed before the terminal was taken, and are not read yet."""
        for signum in ENDING:
            # Who had it ignored before, such as nohup, means that.
            if signal.getsignal(signum) is not signal.SIG_IGN:
                signal.signal(signum, self._told_to_end)

    # Taking and giving back

    def start_application_mode(self) -> None:
        """Take the terminal; a process in the background is stopped until it is in front again."""
        while _is_behind(self.fileno):
            # Stop again if the shell had it go on in the background, as `bg` does.
            if not self._stopped_by(signal.SIGTTOU):  # no shell to bring it to the front
                break
        self.attrs_before = _set_raw(self.fileno)
        self._typed_before = _waiting(self.fileno)
        self._writer_thread = _Writer(self._out)
        self._writer_thread.start()
        signal.signal(signal.SIGWINCH, self._resized)
        self._taken = True
        self._write_modes()
        self._key_thread = threading.Thread(target=self._run_input_thread, name="textual-input")
        self._key_thread.daemon = True
        self._key_thread.start()
        self._resized()

    def disable_input(self) -> None:
        """Read no more; what was typed and not read is for whoever reads next."""
        if self._key_thread is None:
            return
        signal.signal(signal.SIGWINCH, signal.SIG_DFL)
        self.exit_event.set()
        os.write(self._waker, b".")
        self._key_thread.join()
        self._key_thread = None
        os.read(self._wake, 1)
        self.exit_event.clear()

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self.disable_input()
        if self._taken:
            self._taken = self._in_band_window_resize = False
            self.write(_LAST_WORDS)
            _set_attributes(self.fileno, self.attrs_before)

    def close(self) -> None:
        """Wait until all that was written has gone out."""
        if self._writer_thread is not None:
            self._writer_thread.stop()
            self._writer_thread = None

    def write(self, data: str) -> None:
        """Write to the terminal, if it is taken."""
        if self._writer_thread is not None:
            self._writer_thread.write(data)

    def give_back_at_once(self) -> None:
        """The same in a hurry, from any thread, past whatever keeps the desk from ending."""
        if not self._taken:
            return
        self._taken = False
        _set_attributes(self.fileno, self.attrs_before)
        with suppress(OSError, ValueError):
            out = self._out.fileno()
            if select.select([], [out], [], 0.1)[1]:
                os.write(out, _LAST_WORDS.encode())

    def process_message(self, message: Message) -> None:
        """Hand on what came, but for what means nothing here.

        Nothing looks different while another window has the focus. A click beside the screen is
        from before the terminal became smaller; Textual would take the focus away for it.
        """
        if isinstance(message, (events.AppFocus, events.AppBlur)):
            return
        if isinstance(message, events.MouseEvent):
            columns, lines = self._get_terminal_size()
            if not (0 <= message.x < columns and 0 <= message.y < lines):
                return
        super().process_message(message)

    def _write_modes(self) -> None:
        keyboard = "" if constants.DISABLE_KITTY_KEY else _KEYBOARD_TAKEN
        self.write(_TAKE + keyboard)
        self._request_terminal_sync_mode_support()
        self._query_in_band_window_resize()

    def _resized(self, *_: object) -> None:
        if not self._in_band_window_resize:
            size = Size(*self._get_terminal_size())
            self.send_message(events.Resize(size, size))

    # Stopping and going on

    def stop_process(self, *, whole_job: bool) -> bool:
        """Give the terminal back, stop until the shell says go on, and take it again.

        Args:
            whole_job: stop what was started together with the desk as well, such as a `make`.

        Returns:
            Whether it was stopped; False where there is no shell that could have it go on.
        """
        self.suspend_application_mode()
        if whole_job:
            signal.signal(signal.SIGTSTP, signal.SIG_IGN)
            os.killpg(0, signal.SIGTSTP)
        stopped = self._stop_here()
        if not self.ended_by:
            self.resume_application_mode()
        return stopped

    def _stop_here(self) -> bool:
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        stopped = self._stopped_by(signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._sigtstp_application)
        return stopped

    def _stopped_by(self, signum: int) -> bool:
        """Stop by that signal; whether somebody has had it go on since."""
        self._continued = False
        signal.raise_signal(signum)
        end = time.monotonic() + CONTINUED_SECONDS
        # Another thread may take the signal that lets all of them go on, and tell of it later.
        while not self._continued and time.monotonic() < end:
            time.sleep(0.001)
        return self._continued

    def _sigtstp_application(self, *_: object) -> None:
        if self._taken and self._auto_restart:
            with suppress(RuntimeError):  # the loop is closed, the desk is as good as gone
                self._loop.call_soon_threadsafe(lambda: self._app.suspend_to_shell(whole_job=False))
        else:
            self._stop_here()

    def _sigcont_application(self, *_: object) -> None:
        self._continued = True
        if self._taken:
            # Somebody stopped it without asking; who knows what the terminal was used for.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._take_again)

    def _take_again(self) -> None:
        if self._taken:
            _set_raw(self.fileno)
            self._write_modes()
            self._resized()
            self._app.repaint()

    # Being told to end

    def _told_to_end(self, signum: int, _frame: FrameType | None = None) -> None:
        if self.ended_by:
            return
        self.ended_by = signum
        # Not a `Thread`: starting one takes locks, and this may have come in between.
        import _thread

        _thread.start_new_thread(_end_in_any_case, (self,))
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._app.end)

    # What is typed

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:
            with suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._app._handle_exception, error)

    def run_input_thread(self) -> None:
        """Read what is typed, byte by byte: what comes behind a stop is the shell's."""
        from poc_tui.system.keyboard import KeyParser  # here, beside the first picture

        parser = KeyParser(self._debug)
        typed = TerminalInput(partial(_more_soon, self.fileno), self._app.keys_with_alt)
        while not self.exit_event.is_set():
            until = parser.waits_until
            wait = None if until is None else max(0.0, until - get_time())
            ready = select.select([self.fileno, self._wake], [], [], wait)[0]
            if self.fileno in ready:
                try:
                    data = os.read(self.fileno, _CHUNK if typed.pasting else 1)
                except OSError:
                    data = b""
                if not data:
                    self._loop.call_soon_threadsafe(self._told_to_end, signal.SIGHUP)
                    return
                if self._typed_before > 0:  # Enter was still made the end of a line
                    self._typed_before -= len(data)
                    data = data.replace(b"\n", b"\r")
                text = typed.decode(data)
                if text and self._hand_on(parser, text):
                    return
            for message in parser.tick():
                self.process_message(message)

    def _hand_on(self, parser: KeyParser, text: str) -> bool:
        """Hand on what was typed; whether the desk is to be stopped, so that nobody reads on."""
        for message in parser.feed(text):
            if isinstance(message, events.Key) and message.key in self._app.suspend_keys:
                self._loop.call_soon_threadsafe(lambda: self._app.suspend_to_shell(whole_job=True))
                return True
            self.process_message(message)
        return False


class _Writer(WriterThread):
    """Goes on taking what is written when the terminal is gone, so that nobody waits for it."""

    def run(self) -> None:
        try:
            super().run()
        except (OSError, ValueError):
            while self._queue.get() is not None:
                pass


def _end_in_any_case(driver: DeskDriver) -> None:
    time.sleep(GRACE_SECONDS)
    driver.give_back_at_once()
    os._exit(128 + driver.ended_by)


def _is_behind(terminal: int) -> bool:
    """Whether another program is in front."""
    try:
        return os.tcgetpgrp(terminal) != os.getpgrp()
    except OSError:  # it is nobody's controlling terminal
        return False


def _waiting(terminal: int) -> int:
    """How many bytes were typed and not read."""
    with suppress(OSError):  # it is gone, or none
        count = fcntl.ioctl(terminal, termios.FIONREAD, bytes(4))
        return int.from_bytes(count, sys.byteorder)
    return 0


def _more_soon(terminal: int) -> bool:
    """Whether the terminal sends more at once."""
    return bool(select.select([terminal], [], [], ESC_SECONDS)[0])


def _set_raw(terminal: int) -> list[Any] | None:
    """Have every key as it is typed; returns how it was before, None without a terminal."""
    try:
        before = termios.tcgetattr(terminal)
    except termios.error:
        return None
    raw = list(before)
    raw[6] = list(before[6])
    raw[3] = LinuxDriver._patch_lflag(raw[3])
    raw[0] = LinuxDriver._patch_iflag(raw[0])
    raw[6][termios.VMIN] = 1
    _set_attributes(terminal, raw)
    return before


def _set_attributes(terminal: int, attributes: list[Any] | None) -> None:
    if attributes is not None:
        with suppress(termios.error):  # it is gone
            termios.tcsetattr(terminal, termios.TCSANOW, attributes)
