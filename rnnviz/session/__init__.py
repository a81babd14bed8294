"""The document and its edits, undo, playback, files and presets."""
