"""The program around the panels: the window, its commands, and the command line."""
