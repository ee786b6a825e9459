"""From a portal's sources to addresses: which listings exist, how they are walked, when a walk ends."""
