"""Prices as dated data, each with its source. No price stands in code."""
