"""The picture of the host: a drawn presenter in her display case. See `stage.Stage`."""
