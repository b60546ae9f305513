"""What a workload would cost if it were another one: two scenarios side by side."""

from __future__ import annotations

from dashboard import what_if
from dashboard.components import has_executions, question
from dashboard.frame import view

look = view()
question("What if?")
if has_executions(look):
    what_if.draw(look)
