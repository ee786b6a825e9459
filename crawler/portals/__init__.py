"""What each portal looks like: data, no network. See README.md beside this file."""
