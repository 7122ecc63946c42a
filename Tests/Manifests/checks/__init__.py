"""Checks of the folder bookinfo. Each module holds one idea and yields problems as text."""
