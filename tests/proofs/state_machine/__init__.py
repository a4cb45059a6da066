"""The desk under any sequence of verbs: what must hold, and the rules that try to break it.

`standing` says what holds in every state, `passages` what holds from one state to the next;
`machine` carries a verb out and looks; the other modules are the verbs, one rule each, by the words
of the design. A new verb is one rule more in the module it belongs to, a new invariant one entry
more in one of the two, with its sabotage in `tests/store/test_invariants.py`.
"""
