"""Serves catalogs to music players by the OpenSubsonic API (the ``serve`` extra), read-only.

Specification: https://opensubsonic.netlify.app/docs/
"""
