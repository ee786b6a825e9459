"""A replica of a portal on loopback, with proxy, gold and faults on demand."""
