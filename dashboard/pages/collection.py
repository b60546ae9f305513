"""What was collected, up to when, and what was missed and why."""

from __future__ import annotations

from dashboard import collection, context
from dashboard.components import question
from dashboard.frame import view

look = view()
question("How complete is this?")
collection.draw(look, context.collection(look.store), context.pressing(look.store))
