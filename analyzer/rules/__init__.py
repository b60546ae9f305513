"""What a user wants to be told of: one module for each kind of rule, with `findings(facts, settings)`.

A rule looks at facts and at thresholds of stepscope.toml, and says each breach as a `Finding`.
"""

from __future__ import annotations
