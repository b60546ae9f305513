"""Tables in, answers out: events become attempts, attempts become tables. Pure: no clock, no network, no disk."""
