"""The transforms, one file each: options, defaults, what it changes and what it never touches. `recipe` runs them."""
