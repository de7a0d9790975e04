"""Vitrine: a self-hosted server for live-streaming and immersive commerce."""

from importlib.metadata import version

__version__ = version("vitrine")
