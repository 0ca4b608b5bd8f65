"""Mixes: lists that go by several sounds."""
