"""One module is one source of records."""
