"""What the words mean."""

from __future__ import annotations

import streamlit as st

from dashboard import glossary

st.markdown(glossary.text())
