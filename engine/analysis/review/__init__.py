"""The report on a pull request: what a change of the policies means, does and proves."""
