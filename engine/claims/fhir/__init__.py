"""Reads claims from FHIR resources of release 4, in JSON, by path and without a FHIR library."""
