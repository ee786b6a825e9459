"""The last step before a socket: who may be connected to, whom to trust, and why it failed."""
