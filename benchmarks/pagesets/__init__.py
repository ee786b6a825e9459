"""Page sets with gold: pages written blind of the readers that they judge."""
