"""Voices: text to sound with the times of words and mouth shapes. See `ports`."""
