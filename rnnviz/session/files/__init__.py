"""Documents in files: what is in one, how it is written and read, and what is left after a crash."""
