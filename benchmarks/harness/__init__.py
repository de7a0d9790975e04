"""What the benchmarks share: figures and their files, the frame number in the picture, the pages."""
