"""Lists that go by several sounds at once, and stay away from others."""
