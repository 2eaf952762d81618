"""Mutation: change what a policy says in one place, and see whether a test notices.

A mutant is a rule book in which one written thing differs: a limit, a length, a date, a code,
a condition, an exception or an outcome. If every example and case still comes out as before, the
sentence is untested there.
"""
