"""drillsim: a test bench for emergency plans."""

__version__ = "0.1.0"
