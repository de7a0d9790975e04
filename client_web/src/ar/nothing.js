// model-viewer turns its own meshopt decoder on only after it has loaded a script from somewhere. This is that script.
