"""The demonstration: who is in it, and what happens to them. All people are invented."""
