"""The simulated EMR without a screen: records, clinical rules, sessions and the answer log.

Standard library only, no widget library and no wall clock, so that the same code runs in Jupyter,
in the browser and in the grader, and a replay of the same log gives the same state everywhere.
"""
