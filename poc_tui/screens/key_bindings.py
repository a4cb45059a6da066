"""Keys of the keymap on a screen or the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.dom import DOMNode

if TYPE_CHECKING:
    from poc_tui.commands import Scope
    from poc_tui.settings.keymap import Keymap


def bind(node: DOMNode, keymap: Keymap, *scopes: Scope) -> None:
    """Bind the commands of these scopes on `node`, in place of what Textual bound to their keys.

    A class's BINDINGS are fixed when it is made; a person's own keys are known only at run time.
    """
    for binding in keymap.bindings(*scopes):
        for key in binding.keys.split(","):
            node._bindings.key_to_bindings.pop(key, None)
        node._bindings.bind(
            binding.keys,
            binding.action,
            binding.label,
            show=binding.footer,
            key_display=binding.shown,
        )
