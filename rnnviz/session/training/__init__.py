"""Training in a process of its own: the worker, its supervisor, and the record of every update.

Nothing is imported here, so that the worker's process loads the engine and no Qt.
"""
