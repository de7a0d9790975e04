"""The REST interface under ``/api``: thin handlers between the bodies of `signaling.resources` and the services."""
