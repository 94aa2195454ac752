"""Grades a cohort in three stages: prepare, execute, save.

- `prepare` (grading.batch.prepare) reads what was handed in and makes a Job of it: plain data.
- `execute` (grading.batch.execute) scores a Job by nbgrader's own preprocessors. It opens no gradebook and writes no
  file, so it runs on any core or machine, through any `concurrent.futures.Executor`.
- `save` (grading.batch.save) writes many grades, and the record of each, in one transaction. Only it writes
  the gradebook.

`grading.batch.run` ties them together.
"""
