"""Small recorded API answers, replayed for the demo, the tests and the docs."""
