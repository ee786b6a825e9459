"""The fault server, for every test of this room."""

from tests.faultserver import faults

__all__ = ["faults"]
