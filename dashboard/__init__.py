"""The pages. The only package, with app.py, that imports streamlit."""
