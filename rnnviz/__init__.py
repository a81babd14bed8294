"""RNNViz: see inside a recurrent network while it runs."""

__version__ = "0.1.0"
