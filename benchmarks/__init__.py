"""Measurements beside named peers: see __main__.py."""
