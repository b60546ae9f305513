"""What could be better about each machine, with its evidence, why it matters and how to mend it."""

from __future__ import annotations

import streamlit as st

from analyzer.registry import analysis_named
from dashboard import context, diagnosis
from dashboard.components import has_executions, question
from dashboard.frame import view
from dashboard.links import advised_url
from dashboard.tables import drawn_table
from dashboard.wording import as_code, is_known, usd

NAME = "advice"
SHOWN = "severity machine state question evidence saving_usd fix".split()
EXPLAINED = 5

look = view()
question("What could be better?")
if has_executions(look):
    found = context.answer(look.store, NAME, look.window)
    machines = look.filters.machines
    found = found[found["machine"].isin(machines)] if machines else found
    st.markdown(diagnosis.advice_given(found, look.filters))
    for _, hint in found[found["severity"] != "info"].drop_duplicates("rule").head(EXPLAINED).iterrows():
        place = f"{as_code(hint['state'])} of {as_code(hint['machine'])}" if is_known(hint["state"]) else None
        saving = f" It would have saved {usd(hint['saving_usd'])}." if is_known(hint["saving_usd"]) else ""
        with st.expander(f"{hint['question']} {place or as_code(hint['machine'])}"):
            st.markdown(f"{diagnosis.as_text(hint['evidence'])}{saving}")
            st.markdown(f"**Why:** {hint['why']}  \n**Fix:** {hint['fix']}")
    if len(found):
        drawn_table(
            NAME,
            found,
            analysis_named(NAME).columns,
            look.now_ms,
            SHOWN,
            link=lambda row: advised_url(row, look.filters),
        )
