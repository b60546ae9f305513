"""The tests mirror the tree: analyzer/x.py is held by tests/analyzer/test_x.py."""
