"""The store: the only package that knows SQL and the layout of files on disk."""
