"""The scenes of the screenshots: how each page is brought into each of its states."""
