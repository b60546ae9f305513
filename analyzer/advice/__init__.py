"""What could be better about a machine: one module for each rule, with `RULE`.

A rule looks at definitions and at what happened, and gives hints with their counts. Without evidence a hint is `info`.
"""

from __future__ import annotations
