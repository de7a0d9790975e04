"""The host's figure, part by part: what `scripts/make_host_model.py` puts together."""
