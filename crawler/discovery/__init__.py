"""From a portal's sources to addresses: which listings exist, and how they are walked."""
