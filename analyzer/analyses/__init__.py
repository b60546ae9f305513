"""One module is one question, one table and one CSV; `analyzer.registry` finds them."""
