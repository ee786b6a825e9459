"""Pure functions from bytes to an Article or a Listing. No engine, no network, no clock."""
