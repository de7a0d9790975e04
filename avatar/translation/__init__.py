"""Every viewer in their own language: what is translated, by whom it is trusted, and what is never touched."""
