"""The course's version, written in each answer log."""

__version__ = "0.1.0"
