"""How the demo shop's pictures and the demo host's video are made; run by ``scripts/draw_demo.py``."""
