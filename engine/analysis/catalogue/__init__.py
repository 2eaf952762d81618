"""A catalogue of all policies as static pages: no server, no network, readable on a phone."""
