"""Truth: what is said rests on facts, and on nothing that a market forbids."""

from avatar.guard.check import Guard, Verdict, Violation

__all__ = ["Guard", "Verdict", "Violation"]
