"""The command line."""

from drillsim.cli.app import main

__all__ = ["main"]
