"""Pictures: tables to Plotly figures. Pure, and never Streamlit."""
