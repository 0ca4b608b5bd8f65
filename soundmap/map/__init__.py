"""The map: places of a catalog's tracks in the plane, and of new sounds among them."""
