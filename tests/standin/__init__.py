"""The project's own stand-in for AWS: moto's server over real HTTP, with what it lacks and a proxy that misbehaves.

`server` runs in a subprocess (moto is patched there and nowhere else); `handle` starts it and talks to it;
`proxy` sits in front of it with quotas and faults; `fixtures` gives both to the tests.
"""
