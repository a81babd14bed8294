"""Pictures as data: pure functions from a scene to a figure, and all that drawing one needs to know."""
