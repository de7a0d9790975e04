"""Dubs: what the host says in further languages, over the same picture, made once for all who listen."""
