"""Gaoshi (告示): a git repository of Markdown notices in, an estate's public notice board out."""

__version__ = "0.1.0"
