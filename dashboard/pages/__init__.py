"""One module is one page: title, filters, one call, empty state, figure, table, export."""
