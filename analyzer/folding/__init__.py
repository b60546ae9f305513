"""The parts of the fold. Start at `analyzer.history`."""
